r"""Distances between distributions and the losses of adversarial training.

Pure functions of arrays, written with `keras.ops`: NumPy arrays or tensors, inside and
outside compiled steps. Equations carry the numbers of Salimans et al.
(arXiv:1803.05573). $X, X' \sim p^K$ are mini-batches of data, $Y, Y' \sim g^K$ of
generated examples; they are stacked in this order, index 0 to 3, in `PAIRS`.
"""

import numpy as np
from keras import ops

from lessons.toolkit.errors import UserError

# Which two batches each mini-batch distance compares, and its weight in the loss.
PAIRS = ((0, 2), (0, 3), (1, 2), (1, 3), (0, 1), (2, 3))
WEIGHTS = (1.0, 1.0, 1.0, 1.0, -2.0, -2.0)
# Algorithm 2: X and Y share the side information S, X' and Y' share S'.
CONDITIONAL_PAIRS = ((0, 3), (1, 2), (0, 1), (2, 3))
CONDITIONAL_WEIGHTS = (1.0, 1.0, -1.0, -1.0)


def unit(features):
    """Features divided by their Euclidean length, last axis."""
    square = ops.sum(ops.square(features), axis=-1, keepdims=True)
    return features * ops.rsqrt(ops.maximum(square, 1e-12))


def cosine_cost(first, second):
    r"""$c(x, y) = 1 - v \cdot w$ for unit features (eq. 8).

    Args:
        first: $v$, unit features, shape (..., n, features).
        second: $w$, unit features, shape (..., m, features).

    Returns:
        Shape (..., n, m), between 0 and 2.
    """
    return 1.0 - ops.matmul(first, ops.swapaxes(second, -1, -2))


def euclidean_cost(first, second):
    r"""$c(x, y) = \|x - y\|$, shape (..., n, m), from (..., n, d) and (..., m, d)."""
    difference = ops.expand_dims(first, -2) - ops.expand_dims(second, -3)
    # The small number keeps the gradient of the root finite where two points meet.
    return ops.sqrt(ops.sum(ops.square(difference), axis=-1) + 1e-12)


def generalized_energy_distance(between, within_x, within_y, unbiased=True):
    r"""Generalised energy distance, squared (eq. 6), from distances of samples.

    $$D^2 = 2 E[d(X, Y)] - E[d(X, X')] - E[d(Y, Y')]$$

    Args:
        between: $d(x_i, y_j)$, shape (n, m).
        within_x: $d(x_i, x_j)$, shape (n, n).
        within_y: $d(y_i, y_j)$, shape (m, m).
        unbiased: leave out the pairs of a sample with itself, whose distance 0 says
            nothing about two independent draws.

    Returns:
        A scalar; negative values are possible, for samples of equal distributions
        as well as for a $d$ that is not of negative type.

    Raises:
        UserError: there is no pair of different samples.
    """
    n, m = ops.shape(between)
    if unbiased and min(n, m) < 2:
        raise UserError(
            f"an unbiased distance needs two samples of each, got {n}, {m}."
        )
    spare = 1 if unbiased else 0
    mean_x = ops.sum(within_x) / (n * (n - spare))
    mean_y = ops.sum(within_y) / (m * (m - spare))
    return 2.0 * ops.mean(between) - mean_x - mean_y


def energy_distance(x, y, unbiased=True):
    r"""Squared energy distance $2E\|x-y\| - E\|x-x'\| - E\|y-y'\|$ (eq. 5).

    Args:
        x: shape (n, d).
        y: shape (m, d).
        unbiased: as for `generalized_energy_distance`.
    """
    return generalized_energy_distance(
        euclidean_cost(x, y), euclidean_cost(x, x), euclidean_cost(y, y), unbiased
    )


def pair_costs(batches, pairs, cost):
    """The cost matrices of several pairs of mini-batches, as one tensor.

    Args:
        batches: features of the mini-batches, shape (4, K, features).
        pairs: such as `PAIRS`.
        cost: function of two stacks of features.

    Returns:
        Shape (len(pairs), K, K).
    """
    first, second = (np.array(index) for index in zip(*pairs, strict=True))
    return cost(ops.take(batches, first, axis=0), ops.take(batches, second, axis=0))


def matched_cost(costs, matchings):
    r"""$W = \langle M, C \rangle$ for each pair, shape (pairs,)."""
    return ops.sum(costs * matchings, axis=(-2, -1))


def weighted_sum(values, weights=WEIGHTS):
    r"""The loss of algorithm 1 from its six mini-batch distances.

    $$L = W(X,Y) + W(X,Y') + W(X',Y) + W(X',Y') - 2 W(X,X') - 2 W(Y,Y')$$
    Its mean is $2 D^2_{MED}$ (eq. 7): zero for equal distributions, but not always
    positive for others, since W need not be of negative type. With
    `CONDITIONAL_WEIGHTS`: the loss of algorithm 2.

    Args:
        values: in the order of `PAIRS`, shape (pairs,).
        weights: one per pair.
    """
    return ops.sum(ops.convert_to_tensor(weights, dtype=values.dtype) * values)


def matched_feature_gradient(matching, other):
    r"""$\partial \langle M, C \rangle / \partial F = -M F'$ for $C = 1 - F F'^T$.

    Args:
        matching: $M$, held constant, shape (n, m).
        other: $F'$, the features matched with, shape (m, features).

    Returns:
        Shape (n, features); not projected on the sphere.
    """
    return -ops.matmul(matching, other)


def random_matching_loss(batches):
    r"""The loss of algorithm 1 for the uniform coupling: means are all that is left.

    $$\tfrac12 L = (\bar x - \bar y) \cdot (\bar x' - \bar y')/2
      + (\bar x - \bar y') \cdot (\bar x' - \bar y)/2$$
    It is a maximum mean discrepancy with a linear kernel.

    Args:
        batches: unit features of X, X', Y, Y', shape (4, K, features).
    """
    x, x2, y, y2 = ops.unstack(ops.mean(batches, axis=1), 4, axis=0)
    return ops.sum((x - y) * (x2 - y2) + (x - y2) * (x2 - y))
