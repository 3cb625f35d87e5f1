"""Takes the mean of the moduli instead of the greatest."""

# loses: error_radius

import numpy as np


def error_radius(w, alpha, d):
    polynomial = np.concatenate([[1.0], np.zeros(d - 1), -(1 - alpha) * w])
    return float(np.sum(np.abs(np.roots(polynomial))) / max(1, len(w) + d - 1))
