"""Has a margin of one half, whatever it is told."""

# loses: pair_cost

import numpy as np


def pair_cost(distances, positive, margin):
    same = distances[positive]
    other = np.maximum(0, 0.5 - distances[~positive])
    return float(sum(part.mean() for part in (same, other) if part.size))
