"""Divides variances after taking exponentials, which are 0 by then."""

# loses: kl_to_prior

import numpy as np


def kl_to_prior(mean, log_sd, prior_log_sd):
    s, t = np.exp(2 * log_sd), np.exp(2 * prior_log_sd)
    with np.errstate(all="ignore"):
        terms = 0.5 * (s / t + mean**2 / t - 1 - np.log(s / t))
    return terms.sum(axis=1)
