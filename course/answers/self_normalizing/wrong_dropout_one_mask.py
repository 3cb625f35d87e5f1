"""Draws one mask for all rows."""

# loses: alpha_dropout

import numpy as np


def alpha_dropout(x, rate, mu, nu, rng, training=True):
    if not training:
        return x.copy()
    low, keep = -1.7580993408473766, 1 - rate
    mean = keep * mu + rate * low
    scale = np.sqrt(nu / (keep * nu + keep * rate * (low - mu) ** 2))
    kept = rng.random(x.shape[-1]) < keep
    return scale * (np.where(kept, x, low) - mean) + mu
