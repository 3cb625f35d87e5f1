"""Takes a small matrix for a zero one."""

# loses: power_iteration

import numpy as np


def power_iteration(W, u, n):
    u = u / np.linalg.norm(u)
    for _ in range(n):
        v = W.T @ u
        if np.allclose(v, 0):
            return 0.0, u, np.eye(W.shape[1])[0]
        v = v / np.linalg.norm(v)
        u = W @ v
        u = u / np.linalg.norm(u)
    return float(u @ W @ v), u, v
