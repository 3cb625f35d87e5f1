"""Keeps the distances of points to themselves: biased upwards."""

# loses: energy_distance_sq

import numpy as np
from scipy.spatial.distance import cdist


def energy_distance_sq(x, y, beta=1.0):
    if min(len(x), len(y)) < 2:
        raise ValueError
    within = np.mean(cdist(x, x) ** beta) + np.mean(cdist(y, y) ** beta)
    return 2 * np.mean(cdist(x, y) ** beta) - within
