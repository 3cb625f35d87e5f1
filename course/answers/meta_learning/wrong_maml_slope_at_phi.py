"""Gives the slope at the adapted point, without a factor for the step, and squares the curvature."""

# loses: maml_gradient

import numpy as np


def maml_gradient(a, c, theta, rates):
    factors = np.prod(1 - np.asarray(rates)[:, None] * a[None, :], axis=0)
    return float(np.mean(a**2 * factors * (theta - c)))
