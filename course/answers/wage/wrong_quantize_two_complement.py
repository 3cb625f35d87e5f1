"""Lets values reach -1, as the integers of k bits would allow."""

# loses: quantize

import numpy as np


def quantize(x, k):
    size = 2.0 ** (1 - k)
    rounded = np.copysign(np.floor(np.abs(x) / size + 0.5), x) * size
    return np.clip(rounded, -1, 1 - size)
