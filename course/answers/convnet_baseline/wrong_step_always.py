"""Makes short gradients longer, too."""

# loses: clipped_nesterov

import numpy as np


def clipped_nesterov(w, m, g, lr, mu, limit):
    g = g * (limit / max(np.linalg.norm(g.ravel()), 1e-300))
    momentum = mu * m - lr * g
    return w + mu * momentum - lr * g, momentum
