"""Predicts one sample ahead whatever d is: the lesson's radius."""

# loses: error_radius

import numpy as np


def error_radius(w, alpha, d):
    polynomial = np.concatenate([[1.0], np.zeros(0), -(1 - alpha) * w])
    return float(np.max(np.abs(np.roots(polynomial)), initial=0.0))
