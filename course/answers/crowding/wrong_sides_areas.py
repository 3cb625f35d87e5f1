"""Lets the areas of the squares grow by equal steps."""

# loses: crop_sides

import numpy as np


def crop_sides(field, crop, n):
    exact = np.sqrt(np.linspace(crop**2, field**2, n))
    return field - 2 * np.round((field - exact) / 2)
