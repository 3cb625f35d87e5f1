"""Takes the mean rate for each of the steps."""

# loses: maml_gradient

import numpy as np


def maml_gradient(a, c, theta, rates):
    factors = np.prod(
        1
        - np.full((len(rates), 1), np.mean(rates) if len(rates) else 0.0) * a[None, :],
        axis=0,
    )
    return float(np.mean(a * factors**2 * (theta - c)))
