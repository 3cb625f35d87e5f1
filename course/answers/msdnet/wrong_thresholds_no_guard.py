"""Rounds down without the guard, so that 0.29 of 100 is 28."""

# loses: find_thresholds

import numpy as np


def find_thresholds(uncertainty, shares):
    n = uncertainty.shape[1]
    thresholds = np.full(len(shares), -np.inf)
    thresholds[-1] = np.inf
    left = np.ones(n, bool)
    for k in range(len(shares) - 1):
        m = min(int(n * shares[k]), int(left.sum()))
        if m:
            thresholds[k] = np.sort(uncertainty[k, left])[m - 1]
        left &= uncertainty[k] > thresholds[k]
    return thresholds
