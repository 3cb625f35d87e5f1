"""Draws a new vector in every call."""

# loses: spectral_normalize

import numpy as np


def spectral_normalize(kernel, u, n=1):
    K = kernel.reshape(-1, kernel.shape[-1])
    u = np.random.default_rng().normal(size=u.shape)
    for _ in range(n):
        v = K @ (u / np.linalg.norm(u))
        u = K.T @ (v / np.linalg.norm(v))
    sigma = np.linalg.norm(u)
    return kernel / max(1.0, sigma), u / sigma
