"""Applies ordinary dropout: zeros, and the rest divided by q."""

# loses: alpha_dropout

import numpy as np


def alpha_dropout(x, rate, mu, nu, rng, training=True):
    if not training:
        return x.copy()
    keep = 1 - rate
    return np.where(rng.random(x.shape) < keep, x / keep, 0.0)
