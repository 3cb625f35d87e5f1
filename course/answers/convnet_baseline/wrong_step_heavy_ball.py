"""Moves the weights by the new momentum alone: the heavy ball."""

# loses: clipped_nesterov

import numpy as np


def clipped_nesterov(w, m, g, lr, mu, limit):
    g = g * (limit / max(np.linalg.norm(g.ravel()), limit))
    momentum = mu * m - lr * g
    return w + momentum, momentum
