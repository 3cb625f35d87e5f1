"""Forgets to measure the mean by the deviation of the prior."""

# loses: kl_to_prior

import numpy as np


def kl_to_prior(mean, log_sd, prior_log_sd):
    r = log_sd - prior_log_sd
    return (0.5 * (np.exp(2 * r) + mean**2 - 1) - r).sum(axis=1)
