"""Uses the lesson's formula: the prior's width is ignored."""

# loses: gaussian_kl

import numpy as np


def gaussian_kl(mu, sigma, prior_sigma):
    return 0.5 * (sigma**2 + mu**2 - 1 - 2 * np.log(sigma)).sum(axis=1)
