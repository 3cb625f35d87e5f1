"""Sets padding to 0, which passes a negative threshold."""

# loses: merge

import numpy as np


def merge(probabilities, present, threshold):
    maps = np.where(present[:, None, None], probabilities, 0.0)
    return np.where(maps.max(axis=0) > threshold, maps.argmax(axis=0) + 1, 0)
