"""Tiles the code instead of repeating its frames."""

# loses: condition

import numpy as np


def condition(h, z, hop, offset):
    long = np.tile(z, (1, hop, 1))
    return h + long[:, offset : offset + h.shape[1]]
