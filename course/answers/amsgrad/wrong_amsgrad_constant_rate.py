"""Keeps the step size constant."""

# loses: amsgrad_update

import numpy as np


def amsgrad_update(x, g, m, v, vhat, t, alpha, b1, b2):
    m = b1 / t * m + (1 - b1 / t) * g
    v = b2 * v + (1 - b2) * g**2
    vhat = np.maximum(vhat, v)
    return x - alpha * m / np.sqrt(vhat), m, v, vhat
