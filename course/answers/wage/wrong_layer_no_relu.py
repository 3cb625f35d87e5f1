"""Keeps negative sums: there is no ReLU."""

# loses: integer_layer

import numpy as np


def integer_layer(A, B, n):
    sums = A.astype(np.int64) @ B.astype(np.int64)
    return np.clip((sums + 2**n // 2) >> n, -127, 127)
