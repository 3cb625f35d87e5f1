"""Normalises with the sample's own mean and variance."""

# loses: alpha_dropout

import numpy as np


def alpha_dropout(x, rate, mu, nu, rng, training=True):
    if not training:
        return x.copy()
    low, keep = -1.7580993408473766, 1 - rate
    mixed = np.where(rng.random(x.shape) < keep, x, low)
    return (mixed - mixed.mean()) / mixed.std() * np.sqrt(nu) + mu
