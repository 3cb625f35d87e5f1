"""Lets negative pairs cost their distance from the margin on both sides."""

# loses: pair_cost

import numpy as np


def pair_cost(distances, positive, margin):
    same = distances[positive]
    other = np.abs(margin - distances[~positive])
    return float(sum(part.mean() for part in (same, other) if part.size))
