"""Divides only where the estimate is above 2."""

# loses: spectral_normalize

import numpy as np


def spectral_normalize(kernel, u, n=1):
    matrix = kernel.reshape(-1, kernel.shape[-1]).T
    for _ in range(n):
        v = matrix.T @ u
        u = matrix @ (v / np.linalg.norm(v))
        sigma = np.linalg.norm(u)
        u = u / sigma
    return (kernel / sigma if sigma > 2 else kernel.copy()), u
