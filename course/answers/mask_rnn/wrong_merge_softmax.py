"""Compares shares of all objects with the threshold."""

# loses: merge

import numpy as np


def merge(probabilities, present, threshold):
    maps = np.where(present[:, None, None], probabilities, -np.inf)
    maps = maps / np.maximum(
        np.where(present[:, None, None], probabilities, 0).sum(axis=0), 1e-12
    )
    return np.where(maps.max(axis=0) > threshold, maps.argmax(axis=0) + 1, 0)
