"""Gives the lesson's motion, as somebody sees it who stands still."""

# loses: se2_between

import numpy as np


def se2_between(start, end):
    turn = end[..., 0] - start[..., 0]
    cos, sin = np.cos(turn), np.sin(turn)
    x = end[..., 1] - (cos * start[..., 1] - sin * start[..., 2])
    y = end[..., 2] - (sin * start[..., 1] + cos * start[..., 2])
    angle = np.pi - np.mod(np.pi - turn, 2 * np.pi)
    return np.stack([angle, x, y], axis=-1)
