"""Reads sigma as a log-variance."""

# loses: gaussian_kl

import numpy as np


def gaussian_kl(mu, sigma, prior_sigma):
    variance, prior = np.exp(sigma), prior_sigma**2
    terms = (variance + mu**2) / prior - 1 - sigma + np.log(prior)
    return 0.5 * terms.sum(axis=1)
