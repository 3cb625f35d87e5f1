"""Adds up the tasks where their mean is asked."""

# loses: maml_gradient

import numpy as np


def maml_gradient(a, c, theta, rates):
    factors = np.prod(1 - np.asarray(rates)[:, None] * a[None, :], axis=0)
    return float(np.sum(a * factors**2 * (theta - c)))
