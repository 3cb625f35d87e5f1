"""Takes the lesson's distance: the power is ignored."""

# loses: energy_distance_sq

import numpy as np
from scipy.spatial.distance import cdist, pdist


def energy_distance_sq(x, y, beta=1.0):
    if min(len(x), len(y)) < 2:
        raise ValueError
    return 2 * np.mean(cdist(x, y)) - np.mean(pdist(x)) - np.mean(pdist(y))
