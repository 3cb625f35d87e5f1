"""Multiplies by the rate after rounding: steps leave the grid of the store."""

# loses: gradient_step

import numpy as np


def gradient_step(g, eta, k, u):
    largest = np.max(np.abs(g))
    if largest == 0:
        return np.zeros(np.shape(g))
    scaled = g / 2.0 ** np.round(np.log2(largest))
    return eta * 2.0 ** (1 - k) * np.sign(scaled) * (u < np.abs(scaled))
