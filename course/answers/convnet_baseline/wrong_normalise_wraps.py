"""Subtracts in whole numbers from 0 to 255, where 3 - 5 is 254."""

# loses: feature_normalise

import numpy as np


def feature_normalise(train, test):
    mean, spread = train.mean(axis=0).astype(np.uint8), train.std(axis=0)
    keep = spread > 0
    scale = np.where(keep, spread, 1.0)
    return keep * (train - mean) / scale, keep * (test - mean) / scale
