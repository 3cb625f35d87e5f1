"""Multiplies in int16, where sums of many inputs overflow."""

# loses: integer_layer

import numpy as np


def integer_layer(A, B, n):
    sums = (A.astype(np.int16) @ B.astype(np.int16)).astype(np.int64)
    return np.clip((sums + 2**n // 2) >> n, 0, 127)
