"""Takes the logarithms of deviations for deviations."""

# loses: kl_to_prior

import numpy as np


def kl_to_prior(mean, log_sd, prior_log_sd):
    sd, prior = np.abs(log_sd) + 1e-300, np.where(prior_log_sd == 0, 1, prior_log_sd)
    s = sd / np.abs(prior)
    return (0.5 * (s**2 + (mean / prior) ** 2 - 1) - np.log(s)).sum(axis=1)
