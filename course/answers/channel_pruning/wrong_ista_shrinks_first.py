"""Shrinks before the gradient step."""

# loses: ista_step

import numpy as np


def ista_step(gamma, grad, lr, rho, lam):
    limit = lr * rho * lam
    short = np.sign(gamma) * np.maximum(np.abs(gamma) - limit, 0) - lr * grad
    if not np.any(short):
        k = np.argmax(np.abs(gamma - lr * grad))
        short[k] = (gamma - lr * grad)[k]
    return short
