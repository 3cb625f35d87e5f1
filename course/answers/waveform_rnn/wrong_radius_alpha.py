"""Multiplies the weights by alpha instead of 1 - alpha."""

# loses: error_radius

import numpy as np


def error_radius(w, alpha, d):
    polynomial = np.concatenate([[1.0], np.zeros(d - 1), -alpha * w])
    return float(np.max(np.abs(np.roots(polynomial)), initial=0.0))
