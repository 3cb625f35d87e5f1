"""Moves squares inwards where they would reach beyond the picture."""

# loses: multiscale_crops

import numpy as np


def multiscale_crops(image, gaze, sides, crop):
    found = []
    for side in map(int, sides):
        height, width = image.shape
        top = int(np.clip(gaze[0] - side // 2, 0, max(height - side, 0)))
        left = int(np.clip(gaze[1] - side // 2, 0, max(width - side, 0)))
        whole = np.pad(image, ((0, side), (0, side)))
        square = whole[top : top + side, left : left + side]
        fine = square.repeat(crop, axis=0).repeat(crop, axis=1)
        found.append(fine.reshape(crop, side, crop, side).mean(axis=(1, 3)))
    return np.stack(found)
