"""Lets negative pairs cost what they exceed the margin by."""

# loses: pair_cost

import numpy as np


def pair_cost(distances, positive, margin):
    same = distances[positive]
    other = np.maximum(0, distances[~positive] - margin)
    return float(sum(part.mean() for part in (same, other) if part.size))
