"""Keeps what lies outside."""

# loses: clip_to_box

import numpy as np


def clip_to_box(mask, box, factor):
    left, top, right, bottom = box
    height, width = mask.shape
    x, y = np.arange(width) + 0.5, np.arange(height) + 0.5
    columns = np.abs(x - (left + right) / 2) <= factor * (right - left) / 2
    rows = np.abs(y - (top + bottom) / 2) <= factor * (bottom - top) / 2
    return mask * ~(rows[:, None] & columns)
