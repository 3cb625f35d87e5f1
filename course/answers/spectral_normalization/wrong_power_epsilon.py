"""Adds a small number to the length, as in the lesson: zero vectors come back."""

# loses: power_iteration

import numpy as np


def power_iteration(W, u, n):
    for _ in range(n):
        v = W.T @ u
        v = v / (np.linalg.norm(v) + 1e-12)
        u = W @ v
        u = u / (np.linalg.norm(u) + 1e-12)
    return float(u @ W @ v), u, v
