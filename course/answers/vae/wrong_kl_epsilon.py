"""Adds a small constant to the logarithm: wrong for a narrow posterior."""

# loses: gaussian_kl

import numpy as np


def gaussian_kl(mu, sigma, prior_sigma):
    ratio = sigma / prior_sigma
    terms = ratio**2 + (mu / prior_sigma) ** 2 - 1 - 2 * np.log(ratio + 1e-8)
    return 0.5 * terms.sum(axis=1)
