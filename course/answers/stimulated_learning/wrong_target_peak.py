"""Divides by the peak, so that the greatest value is 1."""

# loses: gaussian_target

import numpy as np


def gaussian_target(R, C, centre, sigma):
    row, column = np.divmod(np.arange(R * C), C)
    across, down = np.abs(column - centre[0]), np.abs(row - centre[1])
    across, down = np.minimum(across, C - across), np.minimum(down, R - down)
    bump = np.exp(-(across**2 + down**2) / (2 * sigma**2))
    return bump / bump.max()
