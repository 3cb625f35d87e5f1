"""Gives the lesson's broken sides."""

# loses: crop_sides

import numpy as np


def crop_sides(field, crop, n):
    return crop * (field / crop) ** (np.arange(n) / (n - 1))
