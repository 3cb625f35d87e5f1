"""Multiplies U with V instead of with V transposed."""

# loses: procrustes

import numpy as np


def procrustes(X, Y, c):
    left, _, right = np.linalg.svd((Y * c[:, None]).T @ X)
    return left @ right.T
