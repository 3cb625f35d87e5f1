"""Divides zero by zero for a zero matrix."""

# loses: power_iteration

import numpy as np


def power_iteration(W, u, n):
    with np.errstate(all="ignore"):
        for _ in range(n):
            v = W.T @ u
            v = v / np.linalg.norm(v)
            u = W @ v
            u = u / np.linalg.norm(u)
    return float(u @ W @ v), u, v
