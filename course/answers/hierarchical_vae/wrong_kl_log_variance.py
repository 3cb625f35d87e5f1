"""Reads log_s as the logarithm of the variance."""

# loses: diag_gaussian_kl

import numpy as np


def diag_gaussian_kl(mu, log_s, m, precision):
    ratio = np.exp(log_s) * precision
    shift = (mu - m) ** 2 * precision
    return 0.5 * (ratio + shift - 1 - np.log(ratio)).sum(axis=1)
