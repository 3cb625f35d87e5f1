"""Cuts negative estimates off, and with them the zero mean."""

# loses: energy_distance_sq

import numpy as np
from scipy.spatial.distance import cdist, pdist


def energy_distance_sq(x, y, beta=1.0):
    if min(len(x), len(y)) < 2:
        raise ValueError
    within = np.mean(pdist(x) ** beta) + np.mean(pdist(y) ** beta)
    return max(0.0, 2 * np.mean(cdist(x, y) ** beta) - within)
