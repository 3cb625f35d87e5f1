"""Divides by the greatest size itself, which is no shift."""

# loses: quantize_error

import numpy as np


def quantize_error(e, k):
    size = 2.0 ** (1 - k)
    largest = np.max(np.abs(e)) or 1.0
    scaled = e / largest
    return np.clip(np.round(scaled / size) * size, size - 1, 1 - size)
