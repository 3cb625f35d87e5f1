"""Adds the lesson's small constant to |s|^2: very short votes lose their length."""

# loses: route

import numpy as np


def route(votes, iterations):
    b = np.zeros(votes.shape[:3])
    for _ in range(iterations):
        e = np.exp(b - b.max(axis=2, keepdims=True))
        c = e / e.sum(axis=2, keepdims=True)
        s = np.einsum("bij,bijd->bjd", c, votes)
        square = np.sum(s**2, axis=2, keepdims=True)
        v = s * square / ((1 + square) * np.sqrt(square + 1e-9))
        b = b + np.einsum("bijd,bjd->bij", votes, v)
    return v, c
