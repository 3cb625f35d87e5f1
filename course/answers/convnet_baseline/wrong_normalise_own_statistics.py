"""Normalises the test images by their own statistics."""

# loses: feature_normalise

import numpy as np


def feature_normalise(train, test):
    mean, spread = train.mean(axis=0), train.std(axis=0)
    keep = spread > 0
    scale = np.where(keep, spread, 1.0)
    return keep * (train - mean) / scale, (test - test.mean(axis=0)) / np.maximum(
        test.std(axis=0), 1e-9
    )
