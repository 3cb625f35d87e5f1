"""Takes the posterior mean of a Dirichlet, with weights 1 + alpha."""

# loses: prior_gates

import numpy as np


def prior_gates(p, alpha):
    g = np.full(p.shape, 1 / p.shape[1])
    for _ in range(3000):
        r = g * p
        r = r / r.sum(axis=1, keepdims=True)
        g = (r + 1 + alpha) / (1 + len(alpha) + alpha.sum())
    return g
