"""Cuts a negative factor at zero."""

# loses: maml_gradient

import numpy as np


def maml_gradient(a, c, theta, rates):
    factors = np.prod(1 - np.asarray(rates)[:, None] * a[None, :], axis=0)
    return float(np.mean(a * np.maximum(factors, 0) ** 2 * (theta - c)))
