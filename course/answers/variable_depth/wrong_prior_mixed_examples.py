"""Takes the responsibilities of all examples together."""

# loses: prior_gates

import numpy as np


def prior_gates(p, alpha):
    g = np.full(p.shape, 1 / p.shape[1])
    for _ in range(3000):
        r = g * p
        r = r / r.sum(axis=1, keepdims=True)
        r = np.tile(r.mean(axis=0), (len(p), 1))
        g = (r + alpha) / (1 + alpha.sum())
    return g
