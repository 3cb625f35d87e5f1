"""Reduces angles to the other half-open range, so that half a turn is -pi."""

# loses: se2_between

import numpy as np


def se2_between(start, end):
    angle = end[..., 0] - start[..., 0]
    angle = np.mod(angle + np.pi, 2 * np.pi) - np.pi
    x, y = end[..., 1] - start[..., 1], end[..., 2] - start[..., 2]
    cos, sin = np.cos(start[..., 0]), np.sin(start[..., 0])
    return np.stack([angle, cos * x + sin * y, cos * y - sin * x], axis=-1)
