"""Keeps with probability rate."""

# loses: alpha_dropout

import numpy as np


def alpha_dropout(x, rate, mu, nu, rng, training=True):
    if not training:
        return x.copy()
    low, keep = -1.7580993408473766, rate
    mean = keep * mu + (1 - keep) * low
    scale = np.sqrt(nu / (keep * ((1 - keep) * (low - mu) ** 2 + nu) + 1e-300))
    mixed = np.where(rng.random(x.shape) < keep, x, low)
    return scale * (mixed - mean) + mu
