"""Takes the angles for degrees."""

# loses: se2_between

import numpy as np


def se2_between(start, end):
    angle = end[..., 0] - start[..., 0]
    angle = np.pi - np.mod(np.pi - angle, 2 * np.pi)
    x, y = end[..., 1] - start[..., 1], end[..., 2] - start[..., 2]
    cos, sin = np.cos(np.radians(start[..., 0])), np.sin(np.radians(start[..., 0]))
    return np.stack([angle, cos * x + sin * y, cos * y - sin * x], axis=-1)
