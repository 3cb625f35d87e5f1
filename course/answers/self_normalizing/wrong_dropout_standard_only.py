"""Uses the formulas for mean 0 and variance 1, whatever mu and nu are."""

# loses: alpha_dropout

import numpy as np


def alpha_dropout(x, rate, mu, nu, rng, training=True):
    if not training:
        return x.copy()
    low, keep = -1.7580993408473766, 1 - rate
    scale = (keep + low**2 * keep * rate) ** -0.5
    mixed = np.where(rng.random(x.shape) < keep, x, low)
    return scale * mixed - scale * rate * low
