"""Divides by the largest singular value itself in place of its estimate."""

# loses: spectral_normalize

import numpy as np


def spectral_normalize(kernel, u, n=1):
    matrix = kernel.reshape(-1, kernel.shape[-1]).T
    for _ in range(n):
        u = matrix @ (matrix.T @ u)
        u = u / np.linalg.norm(u)
    return kernel / max(np.linalg.norm(matrix, 2), 1.0), u
