"""Multiplies by the ratio in the place of dividing."""

# loses: normal_targets

import numpy as np


def normal_targets(y, x, z, normal, ratio):
    a, b, c = normal
    up, left = b / c * ratio, a / c * ratio
    return np.array(
        [
            [y - 1, x, z + up],
            [y + 1, x, z - up],
            [y, x - 1, z + left],
            [y, x + 1, z - left],
        ],
        dtype=float,
    )
