"""Takes the root of 3 / n, as the authors' code does."""

# loses: start

import numpy as np


def start(n_in, k, p):
    usual, least = np.sqrt(3 / n_in), 2.0**-k / p
    alpha = max(2.0 ** np.round(np.log2(least / usual)), 1.0)
    return float(max(usual, least)), float(alpha)
