"""Leaves kappa out: the lesson's soft threshold."""

# loses: shrink

import numpy as np


def shrink(x, eta, kappa):
    return np.sign(x) * np.maximum(np.abs(x) - eta, 0)
