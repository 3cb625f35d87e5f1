"""Ignores the prior's deviation."""

# loses: draw_kl

import numpy as np


def draw_kl(mus, sigmas, s):
    s = 1.0
    terms = np.log(s / sigmas) + (sigmas**2 + mus**2) / (2 * s**2) - 0.5
    return terms.sum(axis=(0, 2))
