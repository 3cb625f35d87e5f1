"""Photographs and textures that are embedded in scikit-image, as grey squares.

They serve as backgrounds, as clutter, and as something to warp. Nothing is downloaded:
the list names only pictures that come with the package itself.
"""

import functools

import numpy as np

from lessons.toolkit import area
from lessons.toolkit.errors import unknown

PHOTOGRAPHS = (
    *("astronaut", "camera", "chelsea", "coffee"),
    *("coins", "moon", "motorcycle_left", "rocket"),
)
TEXTURES = ("brick", "grass", "gravel")
_LUMA = np.array([0.299, 0.587, 0.114])  # ITU-R BT.601


@functools.cache
def whole(name):
    """A picture as it is: grey, in its own size.

    Args:
        name: one of `PHOTOGRAPHS` or `TEXTURES`.

    Returns:
        float32 in [0, 1], shape (height, width); not to be written to.

    Raises:
        UserError: there is no such picture.
    """
    if name not in PHOTOGRAPHS + TEXTURES:
        raise unknown("picture", name, PHOTOGRAPHS + TEXTURES)
    from skimage import data

    stereo = name == "motorcycle_left"
    picture = data.stereo_motorcycle()[0] if stereo else getattr(data, name)()
    picture = picture / 255
    grey = picture @ _LUMA if picture.ndim == 3 else picture
    grey = np.clip(grey, 0, 1).astype(np.float32)
    grey.flags.writeable = False
    return grey


def square(name, side):
    """The largest square in the middle of a picture, averaged to another size.

    Args:
        name: one of `PHOTOGRAPHS` or `TEXTURES`.
        side: of the result, in pixels.

    Returns:
        float32 in [0, 1], shape (side, side).
    """
    picture = whole(name)
    least = min(picture.shape)
    top, left = ((length - least) // 2 for length in picture.shape)
    return area.resize(picture[top : top + least, left : left + least], side)
