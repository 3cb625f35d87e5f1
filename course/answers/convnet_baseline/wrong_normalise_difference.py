"""Leaves the difference from the constant, as the lesson does."""

# loses: feature_normalise

import numpy as np


def feature_normalise(train, test):
    mean, spread = train.mean(axis=0), train.std(axis=0)
    keep = spread > 0
    scale = np.where(keep, spread, 1.0)
    return keep * (train - mean) / scale, (test - mean) / scale
