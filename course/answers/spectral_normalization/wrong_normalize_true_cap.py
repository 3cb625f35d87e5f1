"""Asks the true norm whether to divide, and then divides by the estimate."""

# loses: spectral_normalize

import numpy as np


def spectral_normalize(kernel, u, n=1):
    matrix = kernel.reshape(-1, kernel.shape[-1]).T
    for _ in range(n):
        v = matrix.T @ u
        u = matrix @ (v / np.linalg.norm(v))
        sigma = np.linalg.norm(u)
        u = u / sigma
    if np.linalg.norm(matrix, 2) > 1.0:
        return kernel / sigma, u
    return kernel.copy(), u
