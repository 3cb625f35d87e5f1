"""Takes the first axis of the kernel for the outputs."""

# loses: spectral_normalize

import numpy as np


def spectral_normalize(kernel, u, n=1):
    if kernel.ndim == 2:
        W = kernel.T
    else:  # rows of as many entries as there are outputs, but in the wrong order
        W = kernel.reshape(kernel.shape[-1], -1)
    for _ in range(n):
        v = W.T @ u
        v = v / np.linalg.norm(v)
        u = W @ v
        sigma = np.linalg.norm(u)
        u = u / sigma
    return kernel / max(1.0, sigma), u
