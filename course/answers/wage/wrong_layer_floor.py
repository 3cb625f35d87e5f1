"""Shifts without rounding."""

# loses: integer_layer

import numpy as np


def integer_layer(A, B, n):
    sums = A.astype(np.int64) @ B.astype(np.int64)
    return np.clip(sums >> n, 0, 127)
