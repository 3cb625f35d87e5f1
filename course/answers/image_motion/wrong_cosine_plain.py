"""Divides by nothing, so that lengths count."""

# loses: cosine_distances

import numpy as np


def cosine_distances(U, V):
    return np.clip(1 - U @ V.T, 0, 2)
