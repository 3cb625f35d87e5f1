"""Overwrites the vector given, though the numbers are right."""

# loses: power_iteration

import numpy as np


def power_iteration(W, u, n):
    u /= np.linalg.norm(u)
    for _ in range(n):
        v = W.T @ u
        if not v.any():
            return 0.0, u, np.eye(W.shape[1])[0]
        v /= np.linalg.norm(v)
        u[:] = W @ v
        u /= np.linalg.norm(u)
    return float(u @ W @ v), u.copy(), v
