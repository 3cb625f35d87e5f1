"""Averages over the latent axis instead of summing."""

# loses: gaussian_kl

import numpy as np


def gaussian_kl(mu, sigma, prior_sigma):
    ratio = (sigma / prior_sigma) ** 2
    return 0.5 * (ratio + (mu / prior_sigma) ** 2 - 1 - np.log(ratio)).mean(axis=1)
