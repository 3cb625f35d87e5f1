"""Makes the first step alone."""

# loses: maml_gradient

import numpy as np


def maml_gradient(a, c, theta, rates):
    factors = np.prod(1 - np.asarray(rates)[:1, None] * a[None, :], axis=0)
    return float(np.mean(a * factors**2 * (theta - c)))
