"""Takes the next number below instead of the nearest."""

# loses: crop_sides

import numpy as np


def crop_sides(field, crop, n):
    exact = crop * (field / crop) ** (np.arange(n) / (n - 1))
    return field - 2 * np.ceil((field - exact - 1e-9) / 2)
