"""Compares the floor with every dimension."""

# loses: kl_term

import numpy as np


def kl_term(mean, log_var, weight, floor):
    each = np.maximum(0.5 * (mean**2 + np.exp(log_var) - 1 - log_var), floor)
    return float(weight * np.mean(np.maximum(each, floor)))
