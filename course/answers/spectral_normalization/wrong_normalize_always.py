"""Divides also below the cap, as the paper does."""

# loses: spectral_normalize

import numpy as np


def spectral_normalize(kernel, u, n=1):
    K = kernel.reshape(-1, kernel.shape[-1])
    for _ in range(n):
        v = K @ u
        u = K.T @ (v / np.linalg.norm(v))
        sigma = np.linalg.norm(u)
        u = u / sigma
    return kernel / sigma, u
