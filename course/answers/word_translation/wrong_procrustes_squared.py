"""Lets weights enter squared."""

# loses: procrustes

import numpy as np


def procrustes(X, Y, c):
    left, _, right = np.linalg.svd((Y * c[:, None]).T @ (X * c[:, None]))
    return left @ right
