"""Subtracts half the number of steps at every step."""

# loses: draw_kl

import numpy as np


def draw_kl(mus, sigmas, s):
    s = s[:, None, None]
    terms = np.log(s / sigmas) + (sigmas**2 + mus**2) / (2 * s**2)
    return terms.sum(axis=(0, 2)) - len(terms) ** 2 / 2
