"""Returns the vector it was given."""

# loses: spectral_normalize

import numpy as np


def spectral_normalize(kernel, u, n=1):
    K = kernel.reshape(-1, kernel.shape[-1])
    w = u
    for _ in range(n):
        v = K @ w
        w = K.T @ (v / np.linalg.norm(v))
        sigma = np.linalg.norm(w)
        w = w / sigma
    return kernel / max(1.0, sigma), u
