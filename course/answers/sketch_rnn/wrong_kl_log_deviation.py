"""Takes σ̂ for the logarithm of the deviation."""

# loses: kl_term

import numpy as np


def kl_term(mean, log_var, weight, floor):
    each = 0.5 * np.mean(mean**2 + np.exp(2 * log_var) - 1 - 2 * log_var, axis=1)
    return float(weight * np.mean(np.maximum(each, floor)))
