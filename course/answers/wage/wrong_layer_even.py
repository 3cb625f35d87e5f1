"""Takes ties to the even neighbour, as in the lesson."""

# loses: integer_layer

import numpy as np


def integer_layer(A, B, n):
    sums = A.astype(np.int64) @ B.astype(np.int64)
    return np.clip(np.round(sums / 2**n), 0, 127).astype(np.int64)
