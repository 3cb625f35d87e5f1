"""Averages means and standard deviations."""

# loses: precision_merge

import numpy as np


def precision_merge(means, scales):
    return np.mean(means, axis=0), np.mean(scales, axis=0)
