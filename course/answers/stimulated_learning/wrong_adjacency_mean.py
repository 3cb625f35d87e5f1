"""Divides by the number of examples."""

# loses: adjacency

import numpy as np


def adjacency(h, R, C, ring):
    grid = h.reshape(-1, R, C)
    total = np.sum(np.diff(grid, axis=1) ** 2, axis=(1, 2))
    total = total + np.sum(np.diff(grid, axis=2) ** 2, axis=(1, 2))
    if ring and C > 2:
        total = total + np.sum((grid[:, :, -1] - grid[:, :, 0]) ** 2, axis=1)
    return total / len(h)
