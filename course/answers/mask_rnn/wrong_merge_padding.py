"""Lets padding win."""

# loses: merge

import numpy as np


def merge(probabilities, present, threshold):
    maps = probabilities
    return np.where(maps.max(axis=0) > threshold, maps.argmax(axis=0) + 1, 0)
