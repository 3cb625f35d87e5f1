"""Looks for the greatest number instead of the greatest size."""

# loses: ista_step

import numpy as np


def ista_step(gamma, grad, lr, rho, lam):
    moved = gamma - lr * grad
    limit = lr * rho * lam
    short = np.sign(moved) * np.maximum(np.abs(moved) - limit, 0)
    if not np.any(short):
        k = np.argmax(moved)
        short[k] = moved[k]
    return short
