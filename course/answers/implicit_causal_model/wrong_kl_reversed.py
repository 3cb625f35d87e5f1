"""Reverses the divergence, from the prior to q."""

# loses: kl_to_prior

import numpy as np


def kl_to_prior(mean, log_sd, prior_log_sd):
    r = prior_log_sd - log_sd
    return (0.5 * (np.exp(2 * r) + (mean * np.exp(-log_sd)) ** 2 - 1) - r).sum(axis=1)
