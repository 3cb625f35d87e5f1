"""Repeats the edge of the picture where it should be black."""

# loses: multiscale_crops

import numpy as np


def multiscale_crops(image, gaze, sides, crop):
    border = int(max(sides)) // 2
    padded = np.pad(image, border, mode="edge")
    found = []
    for side in map(int, sides):
        top, left = (int(g) + border - side // 2 for g in gaze)
        square = padded[top : top + side, left : left + side]
        fine = square.repeat(crop, axis=0).repeat(crop, axis=1)
        found.append(fine.reshape(crop, side, crop, side).mean(axis=(1, 3)))
    return np.stack(found)
