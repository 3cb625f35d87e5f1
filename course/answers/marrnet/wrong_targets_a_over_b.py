"""Divides the components along the picture by each other."""

# loses: normal_targets

import numpy as np


def normal_targets(y, x, z, normal, ratio):
    a, b, c = normal
    up, left = b / (a or 1.0) / ratio, a / (b or 1.0) / ratio
    return np.array(
        [
            [y - 1, x, z + up],
            [y + 1, x, z - up],
            [y, x - 1, z + left],
            [y, x + 1, z - left],
        ],
        dtype=float,
    )
