"""Lets alpha fall below 1 in layers with few inputs."""

# loses: start

import numpy as np


def start(n_in, k, p):
    usual, least = np.sqrt(6 / n_in), 2.0**-k / p
    alpha = 2.0 ** np.round(np.log2(least / usual))
    return float(max(usual, least)), float(alpha)
