"""Rounds to even numbers also where the canvas is odd."""

# loses: crop_sides

import numpy as np


def crop_sides(field, crop, n):
    exact = crop * (field / crop) ** (np.arange(n) / (n - 1))
    return 2 * np.round(exact / 2)
