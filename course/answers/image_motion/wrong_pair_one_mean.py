"""Takes one mean over pairs of both kinds."""

# loses: pair_cost

import numpy as np


def pair_cost(distances, positive, margin):
    same = distances[positive]
    other = np.maximum(0, margin - distances[~positive])
    return float(np.mean(np.concatenate([same, other]))) if len(distances) else 0.0
