"""Gives every pixel to an object."""

# loses: merge

import numpy as np


def merge(probabilities, present, threshold):
    maps = np.where(present[:, None, None], probabilities, -np.inf)
    return maps.argmax(axis=0) + 1
