"""Rounds to the nearest and ignores the draws."""

# loses: gradient_step

import numpy as np


def gradient_step(g, eta, k, u):
    largest = np.max(np.abs(g))
    if largest == 0:
        return np.zeros(np.shape(g))
    scaled = eta * g / 2.0 ** np.round(np.log2(largest))
    return 2.0 ** (1 - k) * np.clip(np.round(scaled), -1, 1)
