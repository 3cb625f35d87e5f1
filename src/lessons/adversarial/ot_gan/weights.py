"""Weights of the points of a transport problem."""

import numpy as np
import tensorflow as tf

from lessons.toolkit.errors import UserError

_SUM_TOLERANCE = 1e-3  # half precision may have rounded them


def log_weights(weights, like, size, name):
    """Logarithms of weights in the dtype of the cost; minus infinity for a zero.

    Args:
        weights: shape (..., n), or None for equal ones.
        like: a tensor that has the dtype to give.
        size: n, an integer.
        name: of the argument, for messages.

    Returns:
        Shape (..., n).

    Raises:
        UserError: a weight is negative or the weights do not sum to 1 (where they are
            known before the function is compiled).
    """
    if weights is None:
        return -tf.math.log(tf.cast(size, like.dtype)) * tf.ones(size, like.dtype)
    weights = tf.convert_to_tensor(weights)
    known = tf.get_static_value(weights)  # None inside a traced function
    if known is not None:
        _check(np.asarray(known, np.float64), name)
    return tf.math.log(tf.cast(weights, like.dtype))


def _check(weights, name):
    sums = weights.sum(axis=-1)
    if not (np.all(weights >= 0) and np.all(np.abs(sums - 1) < _SUM_TOLERANCE)):
        raise UserError(
            f"{name} must not be negative and must sum to 1, got a least weight of "
            f"{weights.min():g} and sums from {np.min(sums):g} to {np.max(sums):g}."
        )
