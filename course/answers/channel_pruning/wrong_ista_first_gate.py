"""Keeps the first gate of a layer that would die, not the greatest."""

# loses: ista_step

import numpy as np


def ista_step(gamma, grad, lr, rho, lam):
    moved = gamma - lr * grad
    limit = lr * rho * lam
    short = np.sign(moved) * np.maximum(np.abs(moved) - limit, 0)
    if not np.any(short):
        short[0] = moved[0]
    return short
