"""Forgets the gain in front of the matrix's gradient."""

# loses: sn_gradient

import numpy as np


def sn_gradient(W, u1, v1, delta, h, gamma=1.0):
    sigma = u1 @ W @ v1
    plain = delta.T @ h
    share = np.sum(plain * W) / sigma
    return (plain - share * np.outer(u1, v1)) / sigma, float(share)
