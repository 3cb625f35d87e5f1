"""Gives equal rows the distance 0, also two rows of zeros."""

# loses: cosine_distances

import numpy as np


def cosine_distances(U, V):
    def unit(X):
        most = np.abs(X).max(axis=1, keepdims=True)
        X = X / np.where(most == 0, 1, most)
        length = np.linalg.norm(X, axis=1, keepdims=True)
        return X / np.where(length == 0, 1, length)

    result = np.clip(1 - unit(U) @ unit(V).T, 0, 2)
    result[np.all(U[:, None] == V[None], axis=-1)] = 0
    return result
