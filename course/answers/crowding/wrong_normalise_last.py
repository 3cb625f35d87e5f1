"""Takes the last square for the largest."""

# loses: area_normalise

import numpy as np


def area_normalise(crops, sides):
    greatest = crops.max(axis=(2, 3), keepdims=True)
    areas = (sides / sides[-1]) ** 2
    return crops / np.where(greatest > 0, greatest, 1) * areas[:, None, None]
