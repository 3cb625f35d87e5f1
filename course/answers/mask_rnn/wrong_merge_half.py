"""Has the threshold 1/2 always."""

# loses: merge

import numpy as np


def merge(probabilities, present, threshold):
    maps = np.where(present[:, None, None], probabilities, -np.inf)
    return np.where(maps.max(axis=0) > 0.5, maps.argmax(axis=0) + 1, 0)
