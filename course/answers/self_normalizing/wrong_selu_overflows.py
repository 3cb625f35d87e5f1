"""Mixes the branches by multiplying: infinity times zero is not a number."""

# loses: selu

import numpy as np


def selu(x, lam, alpha):
    right = (x > 0).astype(float)
    value = lam * (right * x + (1 - right) * alpha * np.expm1(x))
    return value, lam * (right + (1 - right) * alpha * np.exp(x))
