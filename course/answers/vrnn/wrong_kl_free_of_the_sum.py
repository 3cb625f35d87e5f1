"""Takes the maximum with the free nats after the sum."""

# loses: kl_gauss

import numpy as np


def kl_gauss(mu_q, s_q, mu_p, s_p, free):
    moment = s_q**2 + (mu_q - mu_p) ** 2
    each = np.log(s_p / s_q) + moment / (2 * s_p**2) - 0.5
    return np.maximum(np.sum(each, axis=1), free)
