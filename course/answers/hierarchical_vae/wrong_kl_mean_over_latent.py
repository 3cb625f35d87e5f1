"""Averages over the latent axis."""

# loses: diag_gaussian_kl

import numpy as np


def diag_gaussian_kl(mu, log_s, m, precision):
    log_ratio = log_s + 0.5 * np.log(precision)
    shift = (mu - m) ** 2 * precision
    return np.mean(0.5 * (np.exp(2 * log_ratio) + shift - 1) - log_ratio, axis=1)
