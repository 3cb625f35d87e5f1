"""Divides by 1 + kappa before the threshold."""

# loses: shrink

import numpy as np


def shrink(x, eta, kappa):
    y = x / (1 + kappa)
    return np.sign(y) * np.maximum(np.abs(y) - eta, 0)
