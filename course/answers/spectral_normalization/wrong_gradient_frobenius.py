"""Returns the gradient of Frobenius normalisation."""

# loses: sn_gradient

import numpy as np


def sn_gradient(W, u1, v1, delta, h, gamma=1.0):
    norm = np.linalg.norm(W)
    plain = delta.T @ h
    share = np.sum(plain * W) / norm
    return gamma * (plain - share * W / norm) / norm, float(share)
