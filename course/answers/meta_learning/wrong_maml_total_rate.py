"""Takes all steps for one with the sum of the rates."""

# loses: maml_gradient

import numpy as np


def maml_gradient(a, c, theta, rates):
    factors = 1 - np.sum(rates) * a
    return float(np.mean(a * factors**2 * (theta - c)))
