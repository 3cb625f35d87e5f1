"""Gives the motion from the end to the start."""

# loses: se2_between

import numpy as np


def se2_between(start, end):
    angle = start[..., 0] - end[..., 0]
    angle = np.pi - np.mod(np.pi - angle, 2 * np.pi)
    x, y = start[..., 1] - end[..., 1], start[..., 2] - end[..., 2]
    cos, sin = np.cos(end[..., 0]), np.sin(end[..., 0])
    return np.stack([angle, cos * x + sin * y, cos * y - sin * x], axis=-1)
