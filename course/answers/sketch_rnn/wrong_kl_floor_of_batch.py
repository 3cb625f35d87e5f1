"""Compares the floor with the batch's mean, as the lesson does."""

# loses: kl_term

import numpy as np


def kl_term(mean, log_var, weight, floor):
    each = 0.5 * np.mean(mean**2 + np.exp(log_var) - 1 - log_var, axis=1)
    return float(weight * np.maximum(np.mean(each), floor))
