"""Divides by n - 1 in the deviation."""

# loses: feature_normalise

import numpy as np


def feature_normalise(train, test):
    mean, spread = train.mean(axis=0), train.std(axis=0, ddof=min(1, len(train) - 1))
    keep = spread > 0
    scale = np.where(keep, spread, 1.0)
    return keep * (train - mean) / scale, keep * (test - mean) / scale
