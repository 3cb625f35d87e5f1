"""Lets activations grow beyond 127."""

# loses: integer_layer

import numpy as np


def integer_layer(A, B, n):
    sums = A.astype(np.int64) @ B.astype(np.int64)
    return np.maximum((sums + 2**n // 2) >> n, 0)
