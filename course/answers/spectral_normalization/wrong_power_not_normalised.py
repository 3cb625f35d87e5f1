"""Normalises only at the end: large matrices overflow."""

# loses: power_iteration

import numpy as np


def power_iteration(W, u, n):
    u = u / np.linalg.norm(u)
    if not (W.T @ u).any():
        return 0.0, u, np.eye(W.shape[1])[0]
    for _ in range(n):
        v = W.T @ u
        u = W @ v
    u, v = u / np.linalg.norm(u), v / np.linalg.norm(v)
    return float(u @ W @ v), u, v
