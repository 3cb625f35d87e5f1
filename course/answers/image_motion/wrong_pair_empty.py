"""Takes the mean of no numbers where a kind is missing."""

# loses: pair_cost

import warnings

import numpy as np


def pair_cost(distances, positive, margin):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        same = np.mean(distances[positive])
        other = np.mean(np.maximum(0, margin - distances[~positive]))
    return float(same + other)
