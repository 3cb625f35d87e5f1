"""Takes the largest slope, not the steepest."""

# loses: lipschitz_bound

import numpy as np


def lipschitz_bound(weights, slopes):
    norms = [np.linalg.norm(W, 2) for W in weights]
    return float(np.prod(norms) * np.prod([largest for _, largest in slopes]))
