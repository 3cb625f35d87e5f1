"""Does not clip the sum."""

# loses: overlap

import numpy as np


def overlap(img_a, img_b, shift_a, shift_b, canvas):
    result = np.zeros((canvas, canvas))
    for image, (top, left) in ((img_a, shift_a), (img_b, shift_b)):
        for row, column in np.ndindex(*image.shape):
            if 0 <= row + top < canvas and 0 <= column + left < canvas:
                result[row + top, column + left] += image[row, column]
    return result
