"""Takes the standard deviations for variances."""

# loses: kl_gauss

import numpy as np


def kl_gauss(mu_q, s_q, mu_p, s_p, free):
    moment = s_q + (mu_q - mu_p) ** 2
    each = 0.5 * np.log(s_p / s_q) + moment / (2 * s_p) - 0.5
    return np.sum(np.maximum(each, free), axis=1)
