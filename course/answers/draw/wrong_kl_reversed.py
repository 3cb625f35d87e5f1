"""Computes the divergence of the prior from the codes."""

# loses: draw_kl

import numpy as np


def draw_kl(mus, sigmas, s):
    s = s[:, None, None]
    terms = np.log(sigmas / s) + (s**2 + mus**2) / (2 * sigmas**2) - 0.5
    return terms.sum(axis=(0, 2))
