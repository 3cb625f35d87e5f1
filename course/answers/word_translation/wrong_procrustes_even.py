"""Gives every pair the same weight."""

# loses: procrustes

import numpy as np


def procrustes(X, Y, c):
    left, _, right = np.linalg.svd(Y.T @ X)
    return left @ right
