"""Takes the logarithms of deviations for logarithms of variances."""

# loses: kl_to_prior

import numpy as np


def kl_to_prior(mean, log_sd, prior_log_sd):
    r = log_sd - prior_log_sd
    scaled = mean**2 * np.exp(-prior_log_sd)
    return (0.5 * (np.exp(r) + scaled - 1 - r)).sum(axis=1)
