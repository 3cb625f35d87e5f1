"""Adds the draw and takes the floor of the signed value: ups and downs differ."""

# loses: gradient_step

import numpy as np


def gradient_step(g, eta, k, u):
    largest = np.max(np.abs(g))
    if largest == 0:
        return np.zeros(np.shape(g))
    scaled = eta * g / 2.0 ** np.round(np.log2(largest))
    return 2.0 ** (1 - k) * np.floor(np.clip(scaled, -1, 1) + u)
