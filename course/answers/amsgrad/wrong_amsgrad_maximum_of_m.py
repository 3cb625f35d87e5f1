"""Applies the maximum to the momentum."""

# loses: amsgrad_update

import numpy as np


def amsgrad_update(x, g, m, v, vhat, t, alpha, b1, b2):
    m = np.maximum(m, b1 / t * m + (1 - b1 / t) * g)
    v = b2 * v + (1 - b2) * g**2
    vhat = np.maximum(vhat, v)
    return x - alpha / np.sqrt(t) * m / np.sqrt(vhat), m, v, vhat
