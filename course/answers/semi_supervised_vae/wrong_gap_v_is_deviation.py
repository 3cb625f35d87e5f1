"""Takes the variances for standard deviations."""

# loses: jensen_gap

import numpy as np


def jensen_gap(V, probs, v):
    spread = probs @ V**2 - (probs @ V) ** 2
    return np.sum(spread / (2 * v**2), axis=1)
