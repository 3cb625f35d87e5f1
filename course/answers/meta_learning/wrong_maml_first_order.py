"""Takes the factor once, as first order does."""

# loses: maml_gradient

import numpy as np


def maml_gradient(a, c, theta, rates):
    factors = np.prod(1 - np.asarray(rates)[:, None] * a[None, :], axis=0)
    return float(np.mean(a * factors * (theta - c)))
