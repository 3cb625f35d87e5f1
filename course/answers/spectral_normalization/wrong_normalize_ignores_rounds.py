"""Makes one round whatever the number of rounds."""

# loses: spectral_normalize

import numpy as np


def spectral_normalize(kernel, u, n=1):
    matrix = kernel.reshape(-1, kernel.shape[-1]).T
    v = matrix.T @ u
    u = matrix @ (v / np.linalg.norm(v))
    sigma = np.linalg.norm(u)
    return kernel / max(sigma, 1.0), u / sigma
