"""Multiplies by the weight before it takes the floor."""

# loses: kl_term

import numpy as np


def kl_term(mean, log_var, weight, floor):
    each = 0.5 * np.mean(mean**2 + np.exp(log_var) - 1 - log_var, axis=1)
    return float(np.mean(np.maximum(weight * each, floor)))
