"""Divides by the root of the mean square, not by the length."""

# loses: clipped_nesterov

import numpy as np


def clipped_nesterov(w, m, g, lr, mu, limit):
    g = g * (limit / max(np.sqrt(np.mean(g**2)), limit))
    momentum = mu * m - lr * g
    return w + mu * momentum - lr * g, momentum
