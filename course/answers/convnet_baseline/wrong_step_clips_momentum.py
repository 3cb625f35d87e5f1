"""Shortens the momentum instead of the gradient."""

# loses: clipped_nesterov

import numpy as np


def clipped_nesterov(w, m, g, lr, mu, limit):
    momentum = mu * m - lr * g
    momentum = momentum * (limit / max(np.linalg.norm(momentum.ravel()), limit))
    return w + mu * momentum - lr * g, momentum
