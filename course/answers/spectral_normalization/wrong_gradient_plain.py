"""Leaves out the term of the norm's own gradient."""

# loses: sn_gradient

import numpy as np


def sn_gradient(W, u1, v1, delta, h, gamma=1.0):
    sigma = u1 @ W @ v1
    plain = delta.T @ h
    return gamma * plain / sigma, float(np.sum(plain * W) / sigma)
