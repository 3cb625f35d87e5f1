"""What a code is good for: reconstruct, interpolate, compute, finish drawings."""

import numpy as np
import tensorflow as tf

from lessons.sequences.sketch_rnn import theory
from lessons.toolkit.data import strokes

_AT_ONCE = 1000  # drawings that are encoded together


def codes(model, rows):
    r"""Means $\mu$ of the codes of drawings, float32 (drawings, N_z).

    Args:
        model: a `SketchRNN` with an encoder.
        rows: stroke-5, shape (drawings, N_max, 5).
    """
    return encoded(model, rows)[0]


def encoded(model, rows):
    r"""$\mu$ and $\hat\sigma$ of drawings, arrays (drawings, N_z).

    Args:
        model: a `SketchRNN` with an encoder.
        rows: stroke-5, shape (drawings, N_max, 5).
    """
    # Without XLA, which would compile anew for every number of drawings.
    graph = model.__dict__.setdefault(
        "_encoder_graph",
        tf.function(model.encode, autograph=False, reduce_retracing=True),
    )
    rows = tf.cast(rows[..., :5], model.compute_dtype)
    parts = [graph(rows[i : i + _AT_ONCE]) for i in range(0, len(rows), _AT_ONCE)]
    mean, log_var = (
        tf.cast(tf.concat(each, axis=0), "float32").numpy()
        for each in zip(*parts, strict=True)
    )
    return mean, log_var


def reconstruct(model, rows, temperature=0.1, **options):
    """Drawings drawn again from the means of their codes, a list of stroke-3.

    Args:
        model: a `SketchRNN` with an encoder.
        rows: stroke-5, shape (drawings, N_max, 5).
        temperature, **options: as for `SketchRNN.generate`.
    """
    code = codes(model, rows)
    return model.generate(code=code, temperature=temperature, **options).drawings()


def path(first, second, count, kind="slerp"):
    """Codes on the way from one to another, shape (count, N_z).

    Args:
        first, second: shape (N_z,).
        count: how many, both ends among them.
        kind: "slerp" or "lerp".
    """
    along = theory.slerp if kind == "slerp" else theory.lerp
    return along(first, second, np.linspace(0, 1, count))


def analogy(base, plus, minus):
    """A code computed from others: base + plus - minus.

    Args:
        base: shape (..., N_z), such as cats without whiskers.
        plus, minus: shape (N_z,) or (n, N_z), whose mean is taken: faces with whiskers
            and without.
    """
    shift = [np.mean(np.atleast_2d(each), axis=0) for each in (plus, minus)]
    return np.asarray(base) + shift[0] - shift[1]


def finish(model, beginning, count, temperature=0.8, **options):
    """Endings of a drawing that was begun, by a model without an encoder or with one.

    The given points are read as they are, nothing is sampled and nothing is trained;
    after the last one the model goes on by itself.

    Args:
        model: a `SketchRNN`; with an encoder the codes come from the prior.
        beginning: stroke-3.
        count: how many endings.
        temperature, **options: as for `SketchRNN.generate`.

    Returns:
        A list of stroke-3, each with the beginning.
    """
    given = [strokes.check(beginning, "beginning")] * count
    drawn = model.generate(given=given, temperature=temperature, **options)
    return drawn.drawings()
