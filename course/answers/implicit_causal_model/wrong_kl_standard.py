"""Takes N(0, 1) for the prior, as in the lesson."""

# loses: kl_to_prior

import numpy as np


def kl_to_prior(mean, log_sd, prior_log_sd):
    return (0.5 * (np.exp(2 * log_sd) + mean**2 - 1) - log_sd).sum(axis=1)
