"""Targets and flankers on a canvas.

A configuration is written as in the paper: `a` is the target alone, `ax` has a flanker
on its right, `xa` on its left, `xax` on both sides. Targets stand to the right of the
middle or in it, so the flanker of `ax` is the peripheral one and that of `xa` the
central one.
"""

import numpy as np

from lessons.toolkit.errors import UserError, unknown

CONFIGURATIONS = {"a": (), "ax": (1,), "xa": (-1,), "xax": (-1, 1)}
ENDS = {"axx": (1, 2), "xxa": (-2, -1)}  # not of the paper: a target at an end of three


def corners(field, size, eccentricities):
    """First column of objects whose middles lie at eccentricities.

    Args:
        field: side of the canvas.
        size: side of the objects; both sides are even, or both odd.
        eccentricities: whole numbers of pixels, to the right of the middle.

    Raises:
        UserError: an object would leave the canvas.
    """
    columns = (field - size) // 2 + np.asarray(eccentricities)
    if np.min(columns) < 0 or np.max(columns) + size > field:
        raise UserError(
            f"objects of {size} pixels must lie on the canvas of {field}: middles at "
            f"most {(field - size) // 2} from its own, got "
            f"{np.max(np.abs(eccentricities))}."
        )
    return columns


def place(strips, patches, eccentricities, *, replace=False):
    """Put a patch onto each strip of a canvas, in place.

    Args:
        strips: the rows of canvases that objects lie in, shape (batch, size, field).
        patches: shape (batch, size, size).
        eccentricities: of their middles, shape (batch,) or one number.
        replace: whether a patch replaces what lies below; else the brighter pixel is
            seen.
    """
    size, field = patches.shape[-1], strips.shape[-1]
    columns = corners(field, size, np.broadcast_to(eccentricities, len(strips)))
    for strip, patch, left in zip(strips, patches, columns, strict=True):
        below = strip[:, left : left + size]
        below[...] = patch if replace else np.maximum(below, patch)


def draw(targets, flankers, configuration, eccentricities, spacing, field):
    """Targets and flankers on black: the middle rows of canvases.

    Everything lies on the horizontal meridian, so the other rows are black.

    Args:
        targets: shape (batch, size, size), or None for flankers by themselves.
        flankers: one for each target, shape (batch, size, size); both flankers of xax
            are the same picture. A pair of such arrays gives left and right ones.
        configuration: one of `CONFIGURATIONS` or `ENDS`.
        eccentricities: of the targets, shape (batch,) or one number.
        spacing: between the middles of target and flanker.
        field: side of the canvas.

    Returns:
        float32, shape (batch, size, field).

    Raises:
        UserError: no such configuration, objects that overlap or leave the canvas.
    """
    configurations = CONFIGURATIONS | ENDS
    if configuration not in configurations:
        raise unknown("configuration", configuration, configurations)
    pair = flankers if isinstance(flankers, tuple) else (flankers, flankers)
    first = pair[0] if targets is None else targets
    size, sides = first.shape[-1], configurations[configuration]
    if sides and spacing < size:
        raise UserError(
            f"objects must not overlap: spacing must be at least {size}, got {spacing}."
        )
    strips = np.zeros((len(first), size, field), np.float32)
    for side in sides:
        which = pair[0] if side < 0 else pair[1]
        place(strips, which, np.asarray(eccentricities) + side * spacing)
    if targets is not None:
        place(strips, targets, eccentricities)
    return strips


def whole(strips):
    """Canvases (batch, field, field) around strips (batch, size, field)."""
    size, field = strips.shape[1:]
    top = (field - size) // 2
    return np.pad(strips, ((0, 0), (top, field - size - top), (0, 0)))


def on_picture(targets, picture, eccentricity):
    """Canvases of targets on a picture, whose pixels their squares replace.

    Args:
        targets: shape (batch, size, size).
        picture: shape (field, field).
        eccentricity: of the targets.

    Returns:
        float32, shape (batch, field, field).
    """
    size, field = targets.shape[-1], picture.shape[-1]
    top = (field - size) // 2
    canvases = np.repeat(picture[None], len(targets), axis=0)
    place(canvases[:, top : top + size], targets, eccentricity, replace=True)
    return canvases


def random_eccentricities(rng, count, field, size, reach=0):
    """Eccentricities at which target and flankers fit, whole pixels.

    The paper draws again until all fit, which is uniform among the places that do.

    Args:
        rng: a NumPy generator.
        count: how many.
        field, size: sides of canvas and objects.
        reach: how far flankers lie from the target; 0 for none.
    """
    most = (field - size) // 2 - reach
    if most < 0:
        raise UserError(
            f"target and flankers {reach} apart do not fit on a canvas of {field}."
        )
    return rng.integers(-most, most + 1, size=count)
