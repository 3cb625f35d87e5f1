"""Takes the divergence from the standard normal, whatever the prior is."""

# loses: kl_gauss

import numpy as np


def kl_gauss(mu_q, s_q, mu_p, s_p, free):
    s_q**2 + (mu_q - mu_p) ** 2
    each = -np.log(s_q) + (s_q**2 + mu_q**2) / 2 - 0.5
    return np.sum(np.maximum(each, free), axis=1)
