"""Takes the divergence of the prior from the posterior instead of the other way round."""

# loses: kl_gauss

import numpy as np


def kl_gauss(mu_q, s_q, mu_p, s_p, free):
    moment = s_p**2 + (mu_q - mu_p) ** 2
    each = np.log(s_q / s_p) + moment / (2 * s_q**2) - 0.5
    return np.sum(np.maximum(each, free), axis=1)
