"""Puts 1 - alpha on the first weight only."""

# loses: error_radius

import numpy as np


def error_radius(w, alpha, d):
    polynomial = np.concatenate(
        [[1.0], np.zeros(d - 1), -w * np.where(np.arange(len(w)) == 0, 1 - alpha, 1)]
    )
    return float(np.max(np.abs(np.roots(polynomial)), initial=0.0))
