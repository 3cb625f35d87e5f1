"""Shifts with roll: what leaves comes in again on the other side."""

# loses: overlap

import numpy as np


def overlap(img_a, img_b, shift_a, shift_b, canvas):
    result = np.zeros((canvas, canvas))
    for image, shift in ((img_a, shift_a), (img_b, shift_b)):
        size = max(canvas, *image.shape)
        wide = np.zeros((size, size))
        wide[: image.shape[0], : image.shape[1]] = image
        result += np.roll(wide, shift, axis=(0, 1))[:canvas, :canvas]
    return np.minimum(result, 1)
