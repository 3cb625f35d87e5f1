"""Takes the distance around one way only."""

# loses: gaussian_target

import numpy as np


def gaussian_target(R, C, centre, sigma):
    row, column = np.divmod(np.arange(R * C), C)
    across, down = (column - centre[0]) % C, (row - centre[1]) % R
    bump = np.exp(-(across**2 + down**2) / (2 * sigma**2))
    return bump / bump.sum()
