"""Multiplies the size back after rounding."""

# loses: quantize_error

import numpy as np


def quantize_error(e, k):
    size = 2.0 ** (1 - k)
    _, exponent = np.frexp(np.max(np.abs(e)))
    scaled = np.ldexp(e, -exponent)
    found = np.clip(np.round(scaled / size) * size, size - 1, 1 - size)
    return np.ldexp(found, exponent)
