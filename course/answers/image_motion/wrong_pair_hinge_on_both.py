"""Forgives positive pairs a distance up to the margin."""

# loses: pair_cost

import numpy as np


def pair_cost(distances, positive, margin):
    same = np.maximum(0, distances[positive] - margin)
    other = np.maximum(0, margin - distances[~positive])
    return float(sum(part.mean() for part in (same, other) if part.size))
