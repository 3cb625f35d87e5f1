"""Counts objects from 0."""

# loses: merge

import numpy as np


def merge(probabilities, present, threshold):
    maps = np.where(present[:, None, None], probabilities, -np.inf)
    return np.where(maps.max(axis=0) > threshold, maps.argmax(axis=0), 0)
