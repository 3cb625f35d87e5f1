r"""Sub-sequences of a clip and the losses that make a motion group of them.

Equations as in Jaegle et al. 2018 (arXiv:1612.00472). An embedding is a vector $R$ of a
sequence of images; the six sub-sequences of a clip stand in the order of `NAMES`.
"""

import itertools
from typing import NamedTuple

import numpy as np
from keras import ops

NAMES = ("F1", "F2", "B1", "B2", "E1", "E2")
FLOOR = 1e-12  # under the root of a squared norm: a vector of zeros has a direction 0
PAIRS = tuple(itertools.combinations(range(6), 2))
POSITIVE = ((0, 1), (2, 3), (4, 5))  # F1 F2, B1 B2, E1 E2
NEGATIVE = tuple(pair for pair in PAIRS if pair not in POSITIVE)


class GroupDistances(NamedTuple):
    """Distances of the pairs of a clip.

    Attributes:
        positive: shape (batch, 4): F1 F2, B1 B2, E1 E2, and between clips.
        negative: shape (batch, 12), in the order of `NEGATIVE`.
    """

    positive: object
    negative: object


def six_subsequences(a, b, end):
    """Frames of the six sub-sequences of a clip.

    Two ways forward from frame 0 to frame `end`, through a and through b; the same two
    back; and two that end where they began, one at either end.

    Args:
        a, b: two different frames between 0 and `end`.
        end: the last frame.

    Returns:
        Dictionary from `NAMES` to tuples of three frames.
    """
    forward = (0, a, end), (0, b, end)
    backward = tuple(path[::-1] for path in forward)
    still = (0, a, 0), (end, b, end)
    return dict(zip(NAMES, (*forward, *backward, *still), strict=True))


def unit(vectors):
    r"""Directions $u / |u|$ along the last axis; 0 of a vector of zeros.

    Args:
        vectors: shape (..., z).
    """
    square = ops.sum(ops.square(vectors), axis=-1, keepdims=True)
    return vectors * ops.rsqrt(ops.maximum(square, FLOOR))


def cosine_distance(u, v):
    r"""$d(u, v) = 1 - \frac{u \cdot v}{|u| |v|}$, from 0 to 2.

    Args:
        u, v: shape (..., z).

    Returns:
        Shape (...).
    """
    return 1 - ops.sum(unit(u) * unit(v), axis=-1)


def squared_distance(u, v):
    r"""$\frac12 |u - v|^2$, which is the cosine distance of vectors of length 1.

    Args:
        u, v: shape (..., z).

    Returns:
        Shape (...).
    """
    return 0.5 * ops.sum(ops.square(u - v), axis=-1)


DISTANCES = {"cosine": cosine_distance, "squared": squared_distance}


def hinge(distance, margin=0.5):
    r"""Cost of a negative pair, $\max(0, m - d)$: none once the margin is passed.

    Args:
        distance: any shape.
        margin: m.
    """
    return ops.relu(margin - distance)


def group_distances(embeddings, distance=cosine_distance):
    r"""Distances of all pairs of a clip, and of identities of neighbouring clips.

    Between clips the identities must agree too: the mean of $d(E1_i, E2_{i-1})$ and
    $d(E1_i, E2_{i+1})$, where the batch is a ring.

    Args:
        embeddings: shape (batch, 6, z), in the order of `NAMES`.
        distance: of two arrays of vectors.

    Returns:
        `GroupDistances`.
    """
    first, second = (np.array(side) for side in zip(*POSITIVE, *NEGATIVE, strict=True))
    within = distance(
        ops.take(embeddings, first, axis=1), ops.take(embeddings, second, axis=1)
    )
    one, other = embeddings[:, 4], embeddings[:, 5]
    before = distance(one, ops.roll(other, 1, axis=0))
    after = distance(one, ops.roll(other, -1, axis=0))
    across = 0.5 * (before + after)[:, None]
    count = len(POSITIVE)
    return GroupDistances(
        ops.concatenate([within[:, :count], across], axis=1), within[:, count:]
    )


def group_loss(distances, margin=0.5):
    """Mean of the positive distances plus mean of the hinges of the negative ones.

    Args:
        distances: `GroupDistances`.
        margin: of the hinge.

    Returns:
        Shape (batch,).
    """
    positive = ops.mean(distances.positive, axis=-1)
    return positive + ops.mean(hinge(distances.negative, margin), axis=-1)
