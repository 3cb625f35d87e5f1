"""Takes inner products after summing coordinates: a bug of a public port."""

# loses: imq_kernel

import numpy as np


def imq_kernel(x, y, scales):
    lengths = (x**2).sum(1)[:, None] + (y**2).sum(1)
    squared = lengths - 2 * np.outer(x.sum(1), y.sum(1))
    return (scales / (scales + squared[:, :, None])).mean(axis=2)
