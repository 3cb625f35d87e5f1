r"""Pop, push and read with amounts between 0 and 1 (arXiv:1506.02516, eqs. 1-9).

A structure is a row of cells, index 0 at the bottom. Each cell holds a vector, which
never changes, and a *strength*, which says how much of it is still there. What is taken
away or read comes from one end; cells nearer to that end are served first. A cell of
strength 0 takes part in nothing, so that room for later cells may be there at once.

Shapes: strengths (..., cells), values (..., cells, width), amounts (..., 1). The end is
"top" (the newest cell first) or "bottom". Functions take and give TensorFlow tensors,
or NumPy arrays, in the dtype of what they are given. The slope of `relu` at 0 is 0:
with signals of 0 and 1 everything is a tie, and another convention gives other
gradients there.
"""

from typing import NamedTuple

import tensorflow as tf

from lessons.toolkit.errors import unknown

ENDS = ("top", "bottom")


class Structure(NamedTuple):
    """Which ends of the row a structure uses.

    Attributes:
        pushes: ends at which values are put.
        ends: ends at which values are taken away and read, in this order.
    """

    pushes: tuple[str, ...]
    ends: tuple[str, ...]


STRUCTURES = {
    "stack": Structure(pushes=("top",), ends=("top",)),
    "queue": Structure(pushes=("top",), ends=("bottom",)),
    "deque": Structure(pushes=("top", "bottom"), ends=("top", "bottom")),
}


def served_before(strengths, end):
    r"""How much lies between a cell and the end: $\sum_{j>i} s[j]$ for the top.

    Args:
        strengths: shape (..., cells).
        end: "top", or "bottom" for $\sum_{j<i} s[j]$.
    """
    if end not in ENDS:
        raise unknown("end", end, ENDS)
    return tf.cumsum(strengths, axis=-1, exclusive=True, reverse=end == "top")


def pop(strengths, amount, end):
    r"""Take an amount away, beginning at one end (eq. 2 of the stack, 4 of the queue).

    $$s_t[i] = \max\Big(0,\; s_{t-1}[i] - \max\big(0,\; u_t - \textstyle\sum_{j>i}
    s_{t-1}[j]\big)\Big)$$

    Args:
        strengths: before the pop, shape (..., cells).
        amount: u, shape (..., 1); above 1 takes several cells.
        end: "top" or "bottom", where the sum runs over $j<i$.

    Returns:
        Strengths after the pop, of the same shape.
    """
    owed = tf.nn.relu(amount - served_before(strengths, end))
    return tf.nn.relu(strengths - owed)


def read_weights(strengths, end, mass=1.0):
    r"""How much of each cell is read (eq. 3 of the stack, 5 of the queue).

    $$w_t[i] = \min\Big(s_t[i],\; \max\big(0,\; 1 - \textstyle\sum_{j>i}
    s_t[j]\big)\Big)$$

    Args:
        strengths: shape (..., cells).
        end: "top" or "bottom".
        mass: how much is read at most; 1 in the paper.

    Returns:
        Weights of shape (..., cells), which sum to min(mass, sum of strengths).
    """
    return tf.minimum(strengths, tf.nn.relu(mass - served_before(strengths, end)))


def read(values, weights):
    r"""$r_t = \sum_i w_t[i]\, V_t[i]$, shape (..., width).

    Args:
        values: shape (..., cells, width).
        weights: shape (..., cells).
    """
    return tf.einsum("...c,...cw->...w", weights, values)


def put(array, rows, places):
    """Write a row into each place that is still 0.

    Args:
        array: strengths (batch, cells) or values (batch, cells, width).
        rows: shape (batch, 1) or (batch, width).
        places: 1 at the place of each sequence, else 0, shape (batch, cells).
    """
    if len(array.shape) == 2:
        return array + places * rows
    return array + places[..., None] * rows[:, None, :]


def places(position, capacity, end, two_ended):
    r"""Where the cell of a step lies, so that no older cell has to move.

    The paper's deque moves every cell by one when a value is put below. Here bottom
    values go down from the middle of the room and top values up from it.

    Args:
        position: steps done so far, shape (batch,).
        capacity: how many steps there is room for.
        end: "top" or "bottom".
        two_ended: whether there is room on both sides.

    Returns:
        Shape (batch, cells), a single 1 in each row: cells are `capacity`, or twice
        that. All 0 where the room is used up.
    """
    position = tf.cast(position, tf.int32)
    offset = capacity if two_ended else 0
    spot = offset + position if end == "top" else offset - 1 - position
    inside = tf.cast(position < capacity, tf.float32)[:, None]
    return inside * tf.one_hot(spot, capacity * (1 + two_ended))


def step(strengths, values, pops, pushes, vectors, where, structure):
    """One step of a structure: pop, then push, then read.

    Args:
        strengths: shape (batch, cells).
        values: shape (batch, cells, width).
        pops: amounts to take from each of `structure.ends`, each (batch, 1).
        pushes: strengths to put at each of `structure.pushes`, each (batch, 1).
        vectors: values to put there, each (batch, width); they are written whole.
        where: `places` of each push.
        structure: a `Structure`.

    Returns:
        (strengths, values, reads): reads of each of `structure.ends`.
    """
    for end, amount in zip(structure.ends, pops, strict=True):
        strengths = pop(strengths, amount, end)
    for strength, vector, place in zip(pushes, vectors, where, strict=True):
        strengths = put(strengths, strength, tf.cast(place, strengths.dtype))
        values = put(values, vector, tf.cast(place, values.dtype))
    reads = [
        read(values, tf.cast(read_weights(strengths, end), values.dtype))
        for end in structure.ends
    ]
    return strengths, values, reads


def answer_loss(labels, logits, mask):
    """Mean cross-entropy of the symbols that are asked for, in nats.

    Args:
        labels: classes, whole numbers, shape (batch, time).
        logits: shape (batch, time, classes).
        mask: 1 at the steps of the answer, shape (batch, time).

    Returns:
        One number for each sequence, shape (batch,), in the dtype of the logits; 0
        where nothing is asked.
    """
    costs = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
    mask = tf.cast(mask, costs.dtype)
    total = tf.reduce_sum(costs * mask, 1)
    return tf.math.divide_no_nan(total, tf.reduce_sum(mask, 1))
