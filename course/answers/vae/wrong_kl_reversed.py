"""Takes the divergence from the prior to the posterior."""

# loses: gaussian_kl

import numpy as np


def gaussian_kl(mu, sigma, prior_sigma):
    ratio = (prior_sigma / sigma) ** 2
    return 0.5 * (ratio + (mu / sigma) ** 2 - 1 - np.log(ratio)).sum(axis=1)
