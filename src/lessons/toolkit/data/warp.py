"""Moving glyphs: from distance fields and parameters to images.

Coordinates are (right, down) in pixels from the centre of the image.
"""

import numpy as np

from lessons.toolkit.data.fonts import OVERSAMPLING, SIZE

CONTROL = 5  # control points of the elastic field along each axis


def matrix(angle, shear):
    """Rotation times shear, shape (n, 2, 2), in coordinates (right, down)."""
    angle = np.deg2rad(angle)
    cos, sin = np.cos(angle), np.sin(angle)
    return np.stack(
        [
            np.stack([cos, sin - shear * cos], axis=-1),
            np.stack([-sin, cos + shear * sin], axis=-1),
        ],
        axis=1,
    )


def _bumps():
    """Smooth functions on the pixels, shape (28, 5); each row has length 1.

    A field of independent standard normal weights times these then has variance 1 at
    every pixel.
    """
    centres = np.linspace(0, SIZE - 1, CONTROL)
    width = 0.8 * (centres[1] - centres[0])
    bumps = np.exp(-(((np.arange(SIZE)[:, np.newaxis] - centres) / width) ** 2) / 2)
    return (bumps / np.linalg.norm(bumps, axis=1, keepdims=True)).astype(np.float32)


_BUMPS = _bumps()


def displacement(control):
    """The elastic field at every pixel, shape (n, 2, 28, 28), from its controls."""
    return _BUMPS @ control @ _BUMPS.T


def render(shapes, parameters):
    """Draw images: look up how far from the outline each pixel came from.

    Args:
        shapes: the `Shapes` that hold every font and character needed.
        parameters: the arrays that `glyphs.generate` describes, and `label`.

    Returns:
        float32, shape (n, 28, 28), in [0, 1].
    """
    scale = parameters["scale"][:, np.newaxis, np.newaxis]
    inverse = np.linalg.inv(matrix(parameters["angle"], parameters["shear"])) / scale
    pixel = np.arange(SIZE, dtype=np.float32) - np.float32((SIZE - 1) / 2)
    moved = displacement(parameters["elastic"])  # (n, 2, 28, 28)
    moved += parameters["shift"][:, :, np.newaxis, np.newaxis]
    right, down = pixel - moved[:, 0], pixel[:, np.newaxis] - moved[:, 1]
    x = inverse[:, 0, 0, None, None] * right + inverse[:, 0, 1, None, None] * down
    y = inverse[:, 1, 0, None, None] * right + inverse[:, 1, 1, None, None] * down
    rows = shapes.rows(parameters["label"], parameters["font"])
    distance = _look_up(shapes.fields, rows, x, y)
    distance *= scale  # the shapes' distances are those of unscaled glyphs
    distance += parameters["weight"][:, np.newaxis, np.newaxis] + np.float32(0.5)
    return np.clip(distance, 0, 1, out=distance)


def _look_up(fields, rows, x, y):
    """Bilinear interpolation of `fields[rows]` at (x, y), in pixels from the centre."""
    side = fields.shape[-1]
    last = np.float32(side - 1.001)
    corner = []
    weight = []
    for place in (x, y):
        place *= OVERSAMPLING
        place += np.float32((side - 1) / 2)
        np.clip(place, 0, last, out=place)
        whole = place.astype(np.int32)
        corner.append(whole)
        weight.append(place - whole)
    index = corner[1] * side + corner[0]
    index += (rows * side * side).astype(np.int32)[:, np.newaxis, np.newaxis]
    flat = fields.ravel()
    top, bottom = flat.take(index), flat.take(index + side)
    top += weight[0] * (flat.take(index + 1) - top)
    bottom += weight[0] * (flat.take(index + side + 1) - bottom)
    top += weight[1] * (bottom - top)
    return top
