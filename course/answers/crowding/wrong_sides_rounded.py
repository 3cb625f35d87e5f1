"""Rounds to the nearest whole number, even or odd."""

# loses: crop_sides

import numpy as np


def crop_sides(field, crop, n):
    return np.round(crop * (field / crop) ** (np.arange(n) / (n - 1)))
