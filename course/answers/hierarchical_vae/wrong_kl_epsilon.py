"""Adds a small constant in the logarithm."""

# loses: diag_gaussian_kl

import numpy as np


def diag_gaussian_kl(mu, log_s, m, precision):
    s = np.exp(log_s)
    terms = s**2 * precision + (mu - m) ** 2 * precision - 1
    return (0.5 * terms - np.log(s * np.sqrt(precision) + 1e-12)).sum(axis=1)
