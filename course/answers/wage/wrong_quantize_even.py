"""Takes ties to the even neighbour, as NumPy does and the lesson."""

# loses: quantize

import numpy as np


def quantize(x, k):
    size = 2.0 ** (1 - k)
    return np.clip(np.round(x / size) * size, size - 1, 1 - size)
