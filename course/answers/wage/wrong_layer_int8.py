"""Multiplies in int8, where sums overflow."""

# loses: integer_layer

import numpy as np


def integer_layer(A, B, n):
    sums = (A @ B).astype(np.int64)
    return np.clip((sums + 2**n // 2) >> n, 0, 127)
