"""Divides by the nearest power of two, as in the lesson: large errors are cut."""

# loses: quantize_error

import numpy as np


def quantize_error(e, k):
    size = 2.0 ** (1 - k)
    largest = np.max(np.abs(e))
    if largest == 0:
        return np.zeros_like(e)
    scaled = e / 2.0 ** np.round(np.log2(largest))
    return np.clip(np.round(scaled / size) * size, size - 1, 1 - size)
