"""Hands over the coefficients with the lowest power first."""

# loses: error_radius

import numpy as np


def error_radius(w, alpha, d):
    polynomial = np.concatenate([[1.0], np.zeros(d - 1), -(1 - alpha) * w])
    return float(np.max(np.abs(np.roots(polynomial[::-1])), initial=0.0))
