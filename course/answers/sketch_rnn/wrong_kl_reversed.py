"""Takes the divergence of N(0, I) from the code."""

# loses: kl_term

import numpy as np


def kl_term(mean, log_var, weight, floor):
    each = 0.5 * np.mean((mean**2 + 1) * np.exp(-log_var) - 1 + log_var, axis=1)
    return float(weight * np.mean(np.maximum(each, floor)))
