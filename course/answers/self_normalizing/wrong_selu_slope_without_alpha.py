"""Forgets alpha in the slope on the left."""

# loses: selu

import numpy as np


def selu(x, lam, alpha):
    left = np.exp(np.minimum(x, 0))
    value = lam * np.where(x > 0, x, alpha * (left - 1))
    return value, lam * np.where(x > 0, 1.0, left)
