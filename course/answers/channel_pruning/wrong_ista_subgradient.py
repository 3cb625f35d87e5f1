"""Takes a sub-gradient step: subtracts the sign, past 0."""

# loses: ista_step

import numpy as np


def ista_step(gamma, grad, lr, rho, lam):
    moved = gamma - lr * grad
    limit = lr * rho * lam
    short = moved - limit * np.sign(moved)
    if not np.any(short):
        k = np.argmax(np.abs(moved))
        short[k] = moved[k]
    return short
