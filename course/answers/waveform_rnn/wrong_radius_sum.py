"""Takes the sum of the sizes of the weights, which is only a bound."""

# loses: error_radius

import numpy as np


def error_radius(w, alpha, d):
    return float(np.sum(np.abs((1 - alpha) * w)))
