r"""Which measurement models determine the distribution of tiny images: by counting.

Of binary images of 3x3 pixels there are 512, so a distribution is 512 numbers.
Where $\theta$ takes few values, $p_y = A p_x$ with a matrix that can be written down;
what cannot be told from measurements is its null space. The measurements themselves
are those of `measurements` and `projections`.

An angle takes a continuum of values, and which ones are counted decides the result:
the four right angles are special, since turning by them mixes no pixels.
"""

import itertools

import numpy as np

from lessons.adversarial.ambient_gan import theory
from lessons.adversarial.ambient_gan.measurements import (
    BlockPatch,
    BlockPixels,
    ExtractPatch,
    KeepPatch,
)
from lessons.adversarial.ambient_gan.projections import (
    GaussianProjection,
    PadRotateProject,
)

SIDE = 3
GENERIC_ANGLE = 0.3  # radians; a turn by it mixes pixels, as almost every turn does
_RANK_TOLERANCE = 1e-9


def transition(measurement, thetas, weights=None, images=None):
    r"""The matrix $A$ of a measurement whose $\theta$ takes few values.

    Args:
        measurement: a `Measurement` of binary images.
        thetas: the values, shape (thetas, ...).
        weights: their probabilities; equal unless given.
        images: shape (images, height, width, 1); all binary ones unless given.

    Returns:
        Shape (different measurements, images).
    """
    if images is None:
        images = theory.all_images(*measurement.image_shape[:2])
    if weights is None:
        weights = np.full(len(thetas), 1 / len(thetas))
    outcomes = [
        np.asarray(measurement.measure(images, np.repeat(t[None], len(images), axis=0)))
        for t in thetas
    ]
    return theory.measurement_matrix(np.stack(outcomes, axis=1), weights)


def rank(matrix):
    """How many numbers about the distribution the measurements determine."""
    return int(np.linalg.matrix_rank(matrix, tol=_RANK_TOLERANCE))


def corners(measurement):
    """All places of a patch, int32, shape (places, 2)."""
    return np.array(list(itertools.product(*map(range, measurement.num_offsets))), "i4")


def right_angles(num_angles=1):
    """All combinations of 0, 90, 180 and 270 degrees, in radians."""
    turns = np.pi / 2 * np.arange(4)
    return np.array(list(itertools.product(turns, repeat=num_angles)), np.float32)


def matched_angles(angle=GENERIC_ANGLE):
    r"""The eight angles $\pm\alpha + k \pi / 2$, radians, shape (8, 1).

    They stand for angles from the whole circle, $\theta \sim U(-\pi, \pi)$: like it
    they stay the same when the image is turned by a quarter or mirrored, so that such
    images give the same projections with the same probabilities.

    Args:
        angle: $\alpha$, radians, no multiple of a quarter turn.
    """
    signed = np.array([angle, -angle])[:, None] + np.pi / 2 * np.arange(4)
    return signed.reshape(-1, 1).astype(np.float32)


def shapes(side=SIDE):
    """Number of square binary images that no turn by quarters and no mirror joins."""
    images = theory.all_images(side, side)[..., 0].astype(int)
    copies = [
        np.rot90(mirrored, turns, axes=(1, 2))
        for mirrored in (images, images[:, :, ::-1])
        for turns in range(4)
    ]
    powers = 2 ** np.arange(side**2)
    numbers = [copy.reshape(len(images), -1) @ powers for copy in copies]
    return len(np.unique(np.min(numbers, axis=0)))


def all_ranks(side=SIDE, p=0.5):
    """Rank of every measurement model, by its label.

    Pixels and patches are counted over all values of theta. Of angles and directions
    those are counted that the label names: "one angle" and "one direction" are generic
    ones, "any angle" stands for all angles, see `matched_angles`.

    Args:
        side: of the square binary images.
        p: of block-pixels.
    """
    shape = (side, side, 1)
    masks = theory.all_images(side, side)
    kept = masks.sum(axis=(1, 2, 3))
    weights = (1 - p) ** kept * p ** (side**2 - kept)
    found = {f"block-pixels, p = {p:g}": rank_of(BlockPixels(shape, p), masks, weights)}
    for kind, label in (
        (BlockPatch, "block-patch"),
        (KeepPatch, "keep-patch"),
        (ExtractPatch, "extract-patch"),
    ):
        for patch in range(1, side):
            measurement = kind(shape, patch)
            places = corners(measurement)
            found[f"{label}, {patch}x{patch}"] = rank_of(measurement, places)
    direction = np.random.default_rng(0).normal(size=(1, side**2))
    found["Gaussian projection, one direction"] = rank_of(
        GaussianProjection(shape), direction.astype(np.float32)
    )
    known = PadRotateProject(shape, with_theta=True)
    unknown = PadRotateProject(shape)
    one = np.array([[GENERIC_ANGLE]], np.float32)
    found["projection, known: one angle"] = rank_of(known, one)
    found["projection, known: right angles"] = rank_of(known, right_angles())
    found["projection, unknown: any angle"] = rank_of(unknown, matched_angles())
    found["projection, unknown: right angles"] = rank_of(unknown, right_angles())
    return found


def rank_of(measurement, thetas, weights=None):
    """`rank` of the `transition` of a measurement.

    Args:
        measurement: a measurement of the lesson.
        thetas: the settings that it draws from.
        weights: their probabilities; equal without them.
    """
    return rank(transition(measurement, thetas, weights))
