"""Lets sides grow by the same number of pixels instead of the same factor."""

# loses: crop_sides

import numpy as np


def crop_sides(field, crop, n):
    exact = np.linspace(crop, field, n)
    return field - 2 * np.round((field - exact) / 2)
