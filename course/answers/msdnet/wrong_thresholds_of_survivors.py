"""Takes the share of those who are left, not of all examples."""

# loses: find_thresholds

import numpy as np


def find_thresholds(uncertainty, shares):
    thresholds = np.full(len(shares), -np.inf)
    thresholds[-1] = np.inf
    left = np.ones(uncertainty.shape[1], bool)
    for k in range(len(shares) - 1):
        m = int(left.sum() * shares[k] + 1e-9)
        if m:
            thresholds[k] = np.sort(uncertainty[k, left])[m - 1]
        left &= uncertainty[k] > thresholds[k]
    return thresholds
