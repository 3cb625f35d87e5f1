"""Takes one mean and one deviation for all features."""

# loses: feature_normalise

import numpy as np


def feature_normalise(train, test):
    mean, spread = train.mean(), train.std()
    keep = spread > 0
    scale = np.where(keep, spread, 1.0)
    return keep * (train - mean) / scale, keep * (test - mean) / scale
