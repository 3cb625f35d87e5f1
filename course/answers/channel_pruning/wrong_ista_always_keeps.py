"""Never shrinks the greatest gate, even where others are left."""

# loses: ista_step

import numpy as np


def ista_step(gamma, grad, lr, rho, lam):
    moved = gamma - lr * grad
    limit = lr * rho * lam
    short = np.sign(moved) * np.maximum(np.abs(moved) - limit, 0)
    k = np.argmax(np.abs(moved))
    short[k] = moved[k]
    return short
