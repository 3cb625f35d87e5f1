"""Ranks all examples at every exit, those who have left too."""

# loses: find_thresholds

import numpy as np


def find_thresholds(uncertainty, shares):
    n = uncertainty.shape[1]
    thresholds = np.full(len(shares), -np.inf)
    thresholds[-1] = np.inf
    for k in range(len(shares) - 1):
        m = int(n * shares[k] + 1e-9)
        if m:
            thresholds[k] = np.sort(uncertainty[k])[m - 1]
    return thresholds
