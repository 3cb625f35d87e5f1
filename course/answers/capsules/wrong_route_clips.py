"""Limits the logits to 500, where long votes go far beyond."""

# loses: route

import numpy as np


def route(votes, iterations):
    logits = np.zeros(votes.shape[:3])
    for _ in range(iterations):
        weights = np.exp(np.clip(logits, -500, 500))
        couplings = weights / weights.sum(axis=2, keepdims=True)
        s = np.einsum("bij,bijd->bjd", couplings, votes)
        size = np.linalg.norm(s, axis=2, keepdims=True)
        v = s * size / (1 + size**2)
        logits = logits + np.einsum("bijd,bjd->bij", votes, v)
    return v, couplings
