"""Moves the weights by mu times the old momentum."""

# loses: clipped_nesterov

import numpy as np


def clipped_nesterov(w, m, g, lr, mu, limit):
    g = g * (limit / max(np.linalg.norm(g.ravel()), limit))
    momentum = mu * m - lr * g
    return w + mu * m - (1 + mu) * lr * g, momentum
