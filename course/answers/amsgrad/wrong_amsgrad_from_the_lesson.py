"""Takes the lesson's constant beta_1: the momentum does not fade."""

# loses: amsgrad_update

import numpy as np


def amsgrad_update(x, g, m, v, vhat, t, alpha, b1, b2):
    m = b1 * m + (1 - b1) * g
    v = b2 * v + (1 - b2) * g**2
    vhat = np.maximum(vhat, v)
    return x - alpha / np.sqrt(t) * m / np.sqrt(vhat), m, v, vhat
