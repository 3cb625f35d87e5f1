"""How Sinkhorn's loops begin and when they end; see `sinkhorn`."""

import tensorflow as tf

LARGEST_LOG_SCALE = 50.0  # float32 holds exp(88)


def start(scaled):
    r"""Potentials that bring a 1 into every row and column of the kernel.

    $$f_i = \min_j C_{ij}, \qquad h_j = \min_i (C_{ij} - f_i)$$
    No exponential is needed, and none of $\exp(f_i + h_j - C_{ij})$ exceeds 1.

    Args:
        scaled: $C / \epsilon$, shape (..., n, m).

    Returns:
        (f, h), shapes (..., n) and (..., m).
    """
    f = tf.reduce_min(scaled, axis=-1)
    return f, tf.reduce_min(scaled - f[..., None], axis=-2)


def in_range(log_scale):
    """Whether every scaling is a number, and none is too large or too small.

    A comparison is false for NaN. `tf.reduce_max` is not a way to ask: XLA leaves NaN
    out of a maximum.
    """
    return tf.reduce_all(tf.abs(log_scale) < LARGEST_LOG_SCALE)


def infinite(like):
    """The error before the first iteration, in the dtype of a tensor."""
    return tf.constant(float("inf"), like.dtype)


def unfinished(steps, tolerance):
    """Condition of a loop over (step, ..., error).

    Args:
        steps: at most so many.
        tolerance: error below which to stop, or None.
    """

    def condition(step, *state):
        more = step < steps
        return more if tolerance is None else more & (state[-1] >= tolerance)

    return condition
