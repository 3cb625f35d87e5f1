"""Leaves out the pixels that are too many when the side is no multiple of the crop."""

# loses: multiscale_crops

import numpy as np


def multiscale_crops(image, gaze, sides, crop):
    border = int(max(sides)) // 2
    padded = np.pad(image, border)
    found = []
    for side in map(int, sides):
        top, left = (int(g) + border - side // 2 for g in gaze)
        square = padded[top : top + side, left : left + side]
        step = max(side // crop, 1)
        part = np.zeros((crop * step, crop * step))
        kept = square[: crop * step, : crop * step]
        part[: kept.shape[0], : kept.shape[1]] = kept
        found.append(part.reshape(crop, step, crop, step).mean(axis=(1, 3)))
    return np.stack(found)
