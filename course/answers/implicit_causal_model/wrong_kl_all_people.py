"""Sums over people, not over coordinates."""

# loses: kl_to_prior

import numpy as np


def kl_to_prior(mean, log_sd, prior_log_sd):
    r = log_sd - prior_log_sd
    scaled = mean * np.exp(-prior_log_sd)
    return (0.5 * (np.exp(2 * r) + scaled**2 - 1) - r).sum(axis=0)
