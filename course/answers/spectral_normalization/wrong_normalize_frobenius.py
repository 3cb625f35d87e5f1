"""Divides by the Frobenius norm."""

# loses: spectral_normalize

import numpy as np


def spectral_normalize(kernel, u, n=1):
    K = kernel.reshape(-1, kernel.shape[-1])
    for _ in range(n):
        u = K.T @ (K @ u)
        u = u / np.linalg.norm(u)
    return kernel / max(1.0, np.linalg.norm(K)), u
