"""Drops to the positive of alpha', the sign of a summary of the paper."""

# loses: alpha_dropout

import numpy as np


def alpha_dropout(x, rate, mu, nu, rng, training=True):
    if not training:
        return x.copy()
    low, keep = 1.7580993408473766, 1 - rate
    mean = keep * mu + rate * low
    scale = np.sqrt(nu / (keep * (rate * (low - mu) ** 2 + nu)))
    mixed = np.where(rng.random(x.shape) < keep, x, low)
    return scale * (mixed - mean) + mu
