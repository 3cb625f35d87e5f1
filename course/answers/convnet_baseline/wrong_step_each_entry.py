"""Clips each entry of the gradient by itself."""

# loses: clipped_nesterov

import numpy as np


def clipped_nesterov(w, m, g, lr, mu, limit):
    g = np.clip(g, -limit, limit)
    momentum = mu * m - lr * g
    return w + mu * momentum - lr * g, momentum
