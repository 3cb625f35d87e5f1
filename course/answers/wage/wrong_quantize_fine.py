"""Takes 2^-k for the step, twice as fine as it is."""

# loses: quantize

import numpy as np


def quantize(x, k):
    size = 2.0**-k
    rounded = np.copysign(np.floor(np.abs(x) / size + 0.5), x) * size
    return np.clip(rounded, size - 1, 1 - size)
