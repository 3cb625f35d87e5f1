"""Takes a mean and a deviation for each channel, not for each pixel."""

# loses: feature_normalise

import numpy as np


def feature_normalise(train, test):
    axes = tuple(range(train.ndim - 1)) if train.ndim > 2 else 0
    mean, spread = train.mean(axis=axes), train.std(axis=axes)
    keep = spread > 0
    scale = np.where(keep, spread, 1.0)
    return keep * (train - mean) / scale, keep * (test - mean) / scale
