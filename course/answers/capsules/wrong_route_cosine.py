"""Divides the agreement by the vote's length: long votes count as short ones."""

# loses: route

import numpy as np


def route(votes, iterations):
    b = np.zeros(votes.shape[:3])
    for _ in range(iterations):
        e = np.exp(b - b.max(axis=2, keepdims=True))
        c = e / e.sum(axis=2, keepdims=True)
        s = np.einsum("bij,bijd->bjd", c, votes)
        size = np.linalg.norm(s, axis=2, keepdims=True)
        v = s * size / (1 + size**2)
        b = b + np.einsum("bijd,bjd->bij", votes, v) / (
            1e-300 + np.linalg.norm(votes, axis=3)
        )
    return v, c
