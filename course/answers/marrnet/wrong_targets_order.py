"""Gives the points as (x, y, z)."""

# loses: normal_targets

import numpy as np


def normal_targets(y, x, z, normal, ratio):
    a, b, c = normal
    up, left = b / c / ratio, a / c / ratio
    return np.array(
        [
            [x, y - 1, z + up],
            [x, y + 1, z - up],
            [x - 1, y, z + left],
            [x + 1, y, z - left],
        ],
        dtype=float,
    )
