"""Solves for any matrix, orthogonal or not."""

# loses: procrustes

import numpy as np


def procrustes(X, Y, c):
    root = np.sqrt(c)[:, None]
    return np.linalg.lstsq(root * X, root * Y, rcond=None)[0].T
