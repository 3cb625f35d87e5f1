"""Ignores that the grid is a torus: distances as in the lesson."""

# loses: gaussian_target

import numpy as np


def gaussian_target(R, C, centre, sigma):
    row, column = np.divmod(np.arange(R * C), C)
    across, down = np.abs(column - centre[0]), np.abs(row - centre[1])
    bump = np.exp(-(across**2 + down**2) / (2 * sigma**2))
    return bump / bump.sum()
