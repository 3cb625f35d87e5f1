"""Takes the greatest error instead of the greatest size."""

# loses: quantize_error

import numpy as np


def quantize_error(e, k):
    size = 2.0 ** (1 - k)
    if not np.any(e):
        return np.zeros_like(e)
    _, exponent = np.frexp(np.max(e))
    scaled = np.ldexp(e, -exponent)
    return np.clip(np.round(scaled / size) * size, size - 1, 1 - size)
