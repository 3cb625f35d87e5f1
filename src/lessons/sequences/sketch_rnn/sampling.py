r"""Drawing in one compiled loop: sample a point, read it, sample the next.

All random numbers are drawn before the loop: for each step two uniform ones, which
choose the component and the pen's state by inversion, and two normal ones, which place
the point within the component. The same numbers at another temperature or code make
drawings that can be compared. The loop has N_max steps for every drawing; one that is
finished goes on with rows (0, 0, 0, 0, 1).
"""

import typing

import numpy as np
import tensorflow as tf

from lessons.sequences.sketch_rnn import theory
from lessons.toolkit import mixtures
from lessons.toolkit.data import strokes
from lessons.toolkit.errors import UserError
from lessons.toolkit.recurrent import scan


class Noise(typing.NamedTuple):
    """Random numbers of drawings; float32, steps first.

    Attributes:
        uniform: from [0, 1), shape (N_max, drawings, 2): component, pen.
        normal: shape (N_max, drawings, 2).
    """

    uniform: np.ndarray
    normal: np.ndarray


class Drawn(typing.NamedTuple):
    """What `generate` gives.

    Attributes:
        rows: stroke-5, shape (drawings, N_max, 5).
        numbers: the decoder's numbers of every step, (drawings, N_max, 6M + 3).
    """

    rows: np.ndarray
    numbers: np.ndarray

    def drawings(self):
        """A list of stroke-3; one that ended at once has no row."""
        return [strokes.to_stroke3(rows) for rows in self.rows]

    def finished(self):
        """Whether each drawing ended by itself, booleans (drawings,)."""
        return self.rows[:, -1, 4] > 0.5


def noise(max_length, count, rng):
    """Random numbers for `generate`.

    Args:
        max_length: N_max.
        count: drawings.
        rng: NumPy generator.
    """
    shape = (max_length, count, 2)
    uniform = rng.random(shape, np.float32)
    return Noise(uniform, rng.normal(size=shape).astype(np.float32))


def point(step, uniform=None, normal=None):
    r"""A stroke-5 row from the distribution of a step, shape (batch, 5).

    Args:
        step: a `theory.Step` of shapes (batch, ...), at its temperature.
        uniform, normal: shape (batch, 2); None takes the mean of the heaviest component
            and the likeliest pen state, the limit of $\tau \to 0$.
    """
    if uniform is None:
        heaviest = tf.argmax(step.weight_logits, axis=-1, output_type=tf.int32)
        offset = tf.gather(step.means, heaviest, axis=1, batch_dims=1)
        pen = tf.argmax(step.pen_logits, axis=-1, output_type=tf.int32)
    else:
        offset = mixtures.bivariate_mixture_sample(
            *(step.weight_logits, step.means, step.scales, step.correlations),
            *(uniform[:, 0], normal),
        )
        pen = mixtures.chosen_component(step.pen_logits, uniform[:, 1])
    states = tf.one_hot(pen, theory.NUM_STATES, dtype=offset.dtype)
    return tf.concat([offset, states], axis=-1)


def roll(model, code, given, count, temperature, squared, drawn):
    """The loop of `generate`, a function of tensors.

    Args:
        model: a `SketchRNN`.
        code: shape (batch, code_size).
        given: rows to begin with, stroke-5, shape (N_max, batch, 5).
        count: how many of them, integers (batch,).
        temperature: a tensor.
        squared: as for `theory.at_temperature`.
        drawn: `Noise`, or None for the limit of temperature 0.

    Returns:
        (rows, numbers), steps first.
    """
    num_mixtures = model.arguments["num_mixtures"]
    batch = tf.shape(given)[1]
    # Weights as they are kept, not as training computes with them: so does all else.
    dtype = given.dtype
    state = tuple(tf.cast(s, dtype) for s in model.first_state(batch, code))
    start, end = (tf.constant([row], dtype) for row in (strokes.START, strokes.END))
    cell = model.decoder.cell

    def step(read, carried):
        before, state = carried
        inputs = tf.concat([before, code], axis=-1)
        prepared = cell.prepared(inputs[None])
        state = cell.step(tf.nest.map_structure(lambda v: v[0], prepared), state)
        numbers = tf.cast(model.to_numbers(state[0]), dtype)
        law = theory.step_of(numbers, num_mixtures)
        if drawn is None:
            row = point(law)
        else:
            law = theory.at_temperature(law, temperature, squared)
            row = point(law, read["uniform"], read["normal"])
        row = tf.cast(row, dtype)
        is_given = (read["index"] < count)[:, None]
        row = tf.where(is_given, read["given"], row)
        # What is finished stays so; the start token has a 0 there.
        row = tf.where(before[:, 4:] > 0.5, end, row)
        row = tf.where(row[:, 4:] > 0.5, end, row)
        return (row, numbers), (row, tuple(state))

    read = {"given": given, "index": tf.range(given.shape[0])}
    if drawn is not None:
        read |= {"uniform": drawn.uniform, "normal": drawn.normal}
    (rows, numbers), _ = scan(step, read, (tf.tile(start, [batch, 1]), state))
    return rows, numbers


def generate(
    model, count=None, code=None, temperature=1.0, *, given=None, squared=False,
    seed=0, drawn=None
):  # fmt: skip
    r"""Draw, all drawings at once.

    Args:
        model: a `SketchRNN`.
        count: how many drawings; None where a code, a beginning or `drawn` tells it.
        code: shape (drawings, code_size); None draws from the prior N(0, I).
        temperature: $\tau$, at least 0; 0 is the limit, without chance.
        given: a list of stroke-3 to begin with; the pen goes on after their last point.
        squared: $\sigma^2\tau^2$ instead of $\sigma^2\tau$.
        seed: of the random numbers.
        drawn: `Noise` to use instead of the seed's.

    Returns:
        `Drawn`.

    Raises:
        UserError: numbers of drawings that do not agree, a temperature below 0, or a
            code of another size, or none for a model that is told the class.
    """
    size, length = model.code_size, model.arguments["max_length"]
    if not model.built:
        model.build((None, length, 5))
    if not 0 <= temperature < np.inf:
        raise UserError(
            f"temperature must be a number of at least 0, got {temperature}."
        )
    told = {count, *(len(each) for each in (code, given) if each is not None)}
    told |= {drawn.normal.shape[1]} if drawn is not None else set()
    told -= {None}
    if len(told) != 1 or not min(told):
        raise UserError(
            f"generate needs one number of drawings, at least 1, got {sorted(told)}."
        )
    count, rng = told.pop(), np.random.default_rng(seed)
    if code is None:
        if model.arguments["code"] == "class":
            raise UserError("a model that is told the class needs code=one-hot rows.")
        code = rng.normal(size=(count, size))
    dtype = model.variable_dtype
    code = np.asarray(code, dtype)
    if code.shape != (count, size):
        raise UserError(f"code has shape {code.shape}. Allowed: {(count, size)}.")
    drawn = drawn or noise(length, count, rng)
    rows = np.zeros((length, count, 5), dtype)
    counts = np.zeros(count, np.int32)
    for i, each in enumerate(given or []):
        rows[:, i] = strokes.to_stroke5(each, length)
        counts[i] = min(len(each), length)
    heat = np.asarray(temperature, dtype)
    found = _compiled(model, squared, temperature > 0)(
        *map(tf.constant, (code, rows, counts, heat)),
        Noise(*(tf.constant(part, dtype) for part in drawn)),
    )
    swapped = (np.swapaxes(part.numpy(), 0, 1) for part in found)
    return Drawn(*(part.astype(np.float32) for part in swapped))


def _compiled(model, squared, by_chance):
    """The loop as a graph, traced once for each of the two flags."""
    graphs = model.__dict__.setdefault("_generators", {})
    if (squared, by_chance) not in graphs:

        def run(code, given, count, temperature, drawn):
            drawn = drawn if by_chance else None
            return roll(model, code, given, count, temperature, squared, drawn)

        graphs[squared, by_chance] = tf.function(
            run, autograph=False, reduce_retracing=True
        )
    return graphs[squared, by_chance]
