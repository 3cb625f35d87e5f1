"""Adds sizes of the differences, not squares."""

# loses: adjacency

import numpy as np


def adjacency(h, R, C, ring):
    grid = h.reshape(-1, R, C)
    total = np.sum(np.abs(np.diff(grid, axis=1)), axis=(1, 2))
    total = total + np.sum(np.abs(np.diff(grid, axis=2)), axis=(1, 2))
    if ring and C > 2:
        total = total + np.sum(np.abs(grid[:, :, -1] - grid[:, :, 0]), axis=1)
    return total
