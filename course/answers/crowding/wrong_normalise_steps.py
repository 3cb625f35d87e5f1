"""Divides by the same factor from crop to crop, as for sides that grow evenly."""

# loses: area_normalise

import numpy as np


def area_normalise(crops, sides):
    greatest = crops.max(axis=(2, 3), keepdims=True)
    ratio = (sides.max() / sides.min()) ** (1 / max(len(sides) - 1, 1))
    areas = ratio ** (-2.0 * np.arange(len(sides))[::-1])
    return crops / np.where(greatest > 0, greatest, 1) * areas[:, None, None]
