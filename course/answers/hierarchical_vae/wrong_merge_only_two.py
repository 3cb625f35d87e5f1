"""Merges as the lesson does: only the first two opinions."""

# loses: precision_merge

import numpy as np


def precision_merge(means, scales):
    first, second = (scales[index] ** -2.0 for index in (0, min(1, len(scales) - 1)))
    second = second * (len(scales) > 1)
    total = first + second
    other = means[min(1, len(means) - 1)]
    return (means[0] * first + other * second) / total, np.sqrt(1 / total)
