"""Takes the divergence from p to q."""

# loses: diag_gaussian_kl

import numpy as np


def diag_gaussian_kl(mu, log_s, m, precision):
    ratio = np.exp(-2 * log_s) / precision
    shift = (mu - m) ** 2 * np.exp(-2 * log_s)
    return 0.5 * (ratio + shift - 1 - np.log(ratio)).sum(axis=1)
