"""Cuts sizes at 1 before the rate instead of after it."""

# loses: gradient_step

import numpy as np


def gradient_step(g, eta, k, u):
    largest = np.max(np.abs(g))
    if largest == 0:
        return np.zeros(np.shape(g))
    sizes = np.minimum(np.abs(g) / 2.0 ** np.round(np.log2(largest)), 1)
    return 2.0 ** (1 - k) * np.sign(g) * (u < eta * sizes)
