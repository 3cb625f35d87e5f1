r"""An LSTM over a whole sequence: one compiled loop and a gradient written by hand.

Three things make it fast. The input product $x_t W + b$ of all steps is one matrix
product before the loop, so that only $h_{t-1} U$ is left inside. The backward pass
writes $\delta z_t$ and nothing else: $\partial L/\partial U = \sum_t h_{t-1}^\top
\delta z_t$ is again one product, after the loop. And nothing in either loop grows, so
XLA compiles both. On several cores each loop runs on parts of the batch side by side
(`toolkit.cores`), unless XLA compiles the whole step, where the parts would wait.
"""

import tensorflow as tf

from lessons.toolkit.cores import over_cores


def lstm(projected, recurrent, state, peephole=None):
    r"""Run the modern cell over time (the equations are in `theory.lstm_step`).

    Works eagerly, in a graph and under XLA, where the number of steps must be known.
    First derivatives only, in reverse mode.

    Args:
        projected: $x_t W + b$ of all steps, time first, shape (T, batch, 4n).
        recurrent: $U$, shape (n, 4n).
        state: $(h_0, c_0)$, each of shape (batch, n).
        peephole: None, diagonals of shape (3n,) or matrices of shape (n, 3n), for
            the input, forget and output gate in this order.

    Returns:
        (outputs, state): $h_1, \dots, h_T$, shape (T, batch, n), and $(h_T, c_T)$.
    """
    arguments = (projected, recurrent, *state)
    if peephole is not None:
        arguments += (peephole,)
    outputs, cell = _lstm(*arguments)
    return outputs, (outputs[-1], cell)


@tf.custom_gradient
def _lstm(projected, recurrent, h_0, c_0, peephole=None):
    arguments = (projected, recurrent, h_0, c_0, peephole)
    forward = over_cores(_forward, (1, None, 0, 0, None), (1, 1, 1))
    outputs, cells, gates = forward(*arguments)

    def gradient(d_outputs, d_cell):
        before = tf.concat([c_0[None], cells[:-1]], 0)  # c_{t-1}
        saved = (before, cells, gates)
        loop = over_cores(backward, (1, 0, None, (1, 1, 1), None), (1, 0, 0))
        dz, dh, dc = loop(d_outputs, d_cell, recurrent, saved, peephole)
        h_before = tf.concat([h_0[None], outputs[:-1]], 0)
        answer = (dz, _outer(h_before, dz), dh, dc)
        if peephole is not None:
            answer += (_peephole_gradient(peephole, before, cells, dz),)
        return answer

    return (outputs, cells[-1]), gradient


def step(z, c, peepholes, seen=tf.identity):
    r"""One step of the modern cell, from all that does not look at the cell.

    Args:
        z: $xW + hU + b$, shape (batch, 4n).
        c: the cell before, shape (batch, n).
        peepholes: as `split_peephole` gives them.
        seen: function of a cell, what peepholes see of it; `tf.stop_gradient` cuts
            the error that would leave through them.

    Returns:
        (h, c, gates): the new state, each of shape (batch, n), and the activated
        gates (i, f, g, o), shape (batch, 4n).
    """
    looks_in, looks_out = peepholes
    z_if, z_g, z_o = tf.split(z, [2 * c.shape[-1], c.shape[-1], c.shape[-1]], 1)
    i_f = tf.sigmoid(_look(z_if, seen(c), looks_in))
    i, f = tf.split(i_f, 2, 1)
    g = tf.tanh(z_g)
    c = f * c + i * g
    o = tf.sigmoid(_look(z_o, seen(c), looks_out))  # looks at the new cell
    return o * tf.tanh(c), c, tf.concat([i_f, g, o], 1)


def _forward(projected, recurrent, h, c, peephole):
    """All $h_t$, $c_t$ and activated gates (i, f, g, o), time first."""
    peepholes = split_peephole(peephole)
    num_steps, dtype = tf.shape(projected)[0], projected.dtype
    arrays = [tf.TensorArray(dtype, num_steps) for _ in range(3)]

    def body(t, h, c, *arrays):
        z = projected[t] + tf.matmul(h, recurrent)  # (batch, 4n)
        row = step(z, c, peepholes)
        written = [a.write(t, v) for a, v in zip(arrays, row, strict=True)]
        return t + 1, *row[:2], *written

    loop = (tf.constant(0), h, c, *arrays)
    *_, outputs, cells, gates = tf.while_loop(
        lambda t, *_: t < num_steps, body, loop, parallel_iterations=1
    )
    return outputs.stack(), cells.stack(), gates.stack()


def backward(d_outputs, d_cell, recurrent, saved, peephole):
    r"""$\delta z_t$ of all steps, $\delta h_0$ and $\delta c_0$.

    Args:
        d_outputs: $\partial L/\partial h_t$ as the loss sees it, (T, batch, n).
        d_cell: $\partial L/\partial c_T$, (batch, n).
        recurrent: $U$, shape (n, 4n).
        saved: $c_{t-1}$ and $c_t$, each (T, batch, n), and the activated gates (T,
            batch, 4n).
        peephole: as for `lstm`.

    Returns:
        Shapes (T, batch, 4n), (batch, n) and (batch, n).
    """
    before, cells, gates = saved
    looks_in, looks_out = split_peephole(peephole)
    num_steps = tf.shape(gates)[0]
    back = tf.transpose(recurrent)  # once, not in each step

    def body(t, dh, dc, array):
        i, f, g, o = tf.split(gates[t], 4, 1)  # each (batch, n)
        squashed = tf.tanh(cells[t])
        dh = dh + d_outputs[t]
        dz_o = dh * squashed * o * (1 - o)
        dc = _look_back(dc + dh * o * (1 - squashed * squashed), dz_o, looks_out)
        dz_i = dc * g * i * (1 - i)
        dz_f = dc * before[t] * f * (1 - f)
        dz_g = dc * i * (1 - g * g)
        dz = tf.concat([dz_i, dz_f, dz_g, dz_o], 1)
        dc = _look_back(dc * f, tf.concat([dz_i, dz_f], 1), looks_in)
        return t - 1, tf.matmul(dz, back), dc, array.write(t, dz)

    loop = (
        num_steps - 1,
        tf.zeros_like(d_cell),
        d_cell,
        tf.TensorArray(gates.dtype, num_steps),
    )
    _, dh, dc, array = tf.while_loop(
        lambda t, *_: t >= 0, body, loop, parallel_iterations=1
    )
    return array.stack(), dh, dc


def split_peephole(peephole):
    """The peepholes of (input and forget gate, output gate)."""
    if peephole is None:
        return None, None
    edge = peephole.shape[-1] // 3 * 2
    return peephole[..., :edge], peephole[..., edge:]


def _look(values, cell, weights):
    """`values` plus what the peepholes see of a cell: one gate wide, or two."""
    if weights is None:
        return values
    if weights.shape.rank == 2:
        return values + tf.matmul(cell, weights)
    times = weights.shape[0] // cell.shape[-1]
    return values + tf.tile(cell, [1, times]) * weights


def _look_back(d_cell, dz, weights):
    """`d_cell` plus what comes back through peepholes from the gates' `dz`."""
    if weights is None:
        return d_cell
    if weights.shape.rank == 2:
        return d_cell + tf.matmul(dz, weights, transpose_b=True)
    times = weights.shape[0] // d_cell.shape[-1]
    return d_cell + tf.add_n(tf.split(dz * weights, times, 1))


def _outer(left, right):
    """The sum over time and batch of outer products: shape (a, b)."""
    left = tf.reshape(left, [-1, left.shape[-1]])
    return tf.matmul(left, tf.reshape(right, [-1, right.shape[-1]]), transpose_a=True)


def _peephole_gradient(peephole, before, cells, dz):
    units = cells.shape[-1]
    dz_i, dz_f, _, dz_o = tf.split(dz, 4, 2)
    pairs = ((before, dz_i), (before, dz_f), (cells, dz_o))
    if peephole.shape.rank == 2:
        return tf.concat([_outer(cell, d) for cell, d in pairs], 1)  # (n, 3n)
    sums = [tf.reduce_sum(cell * d, [0, 1]) for cell, d in pairs]
    return tf.reshape(tf.concat(sums, 0), [3 * units])
