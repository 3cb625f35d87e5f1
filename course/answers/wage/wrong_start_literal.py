"""Compares with the limit after the maximum, as printed: alpha is always 1."""

# loses: start

import numpy as np


def start(n_in, k, p):
    least = 2.0 ** (1 - k) / (2 * p)
    limit = max(np.sqrt(6 / n_in), least)
    return float(limit), max(2.0 ** np.round(np.log2(least / limit)), 1.0)
