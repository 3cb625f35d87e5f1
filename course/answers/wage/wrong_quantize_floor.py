"""Takes the floor of x / σ + 1/2: ties below zero go up, towards zero."""

# loses: quantize

import numpy as np


def quantize(x, k):
    size = 2.0 ** (1 - k)
    rounded = np.floor(x / size + 0.5) * size
    return np.clip(rounded, size - 1, 1 - size)
