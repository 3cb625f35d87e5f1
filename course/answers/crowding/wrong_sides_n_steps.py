"""Takes n steps instead of n - 1, so that the last square is not the canvas."""

# loses: crop_sides

import numpy as np


def crop_sides(field, crop, n):
    exact = crop * (field / crop) ** (np.arange(n) / n)
    return field - 2 * np.round((field - exact) / 2)
