"""Takes 1.5 steps for the least limit, whatever the share of zeros."""

# loses: start

import numpy as np


def start(n_in, k, p):
    usual, least = np.sqrt(6 / n_in), 1.5 * 2.0 ** (1 - k)
    alpha = max(2.0 ** np.round(np.log2(least / usual)), 1.0)
    return float(max(usual, least)), float(alpha)
