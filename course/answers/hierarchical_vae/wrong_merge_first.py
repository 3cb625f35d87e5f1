"""Folds the opinions in pairs; only a later one may be infinitely wide."""

# loses: precision_merge

import numpy as np


def precision_merge(means, scales):
    mean, scale = means[0], scales[0]
    for other, width in zip(means[1:], scales[1:], strict=True):
        ratio = (scale / width) ** 2  # 0 where the new opinion says nothing
        mean = (mean + ratio * other) / (1 + ratio)
        scale = scale / np.sqrt(1 + ratio)
    return mean, scale
