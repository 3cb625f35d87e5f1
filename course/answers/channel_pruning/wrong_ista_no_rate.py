"""Shrinks by rho times lambda, without the rate."""

# loses: ista_step

import numpy as np


def ista_step(gamma, grad, lr, rho, lam):
    moved = gamma - lr * grad
    limit = rho * lam
    short = np.sign(moved) * np.maximum(np.abs(moved) - limit, 0)
    if not np.any(short):
        k = np.argmax(np.abs(moved))
        short[k] = moved[k]
    return short
