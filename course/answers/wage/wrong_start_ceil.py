"""Takes the power of two above the ratio instead of the nearest."""

# loses: start

import numpy as np


def start(n_in, k, p):
    usual, least = np.sqrt(6 / n_in), 2.0**-k / p
    alpha = max(2.0 ** np.ceil(np.log2(least / usual)), 1.0)
    return float(max(usual, least)), float(alpha)
