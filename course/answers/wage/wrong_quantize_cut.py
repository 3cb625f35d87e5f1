"""Cuts the digits off instead of rounding."""

# loses: quantize

import numpy as np


def quantize(x, k):
    size = 2.0 ** (1 - k)
    return np.clip(np.trunc(x / size) * size, size - 1, 1 - size)
