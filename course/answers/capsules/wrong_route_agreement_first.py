"""Updates the logits by agreement with the mean before the first softmax."""

# loses: route

import numpy as np


def route(votes, iterations):
    b = np.einsum("bijd,bjd->bij", votes, votes.mean(axis=1))
    for _ in range(iterations):
        e = np.exp(b - b.max(axis=2, keepdims=True))
        c = e / e.sum(axis=2, keepdims=True)
        s = np.einsum("bij,bijd->bjd", c, votes)
        size = np.linalg.norm(s, axis=2, keepdims=True)
        v = s * size / (1 + size**2)
        b = b + np.einsum("bijd,bjd->bij", votes, v)
    return v, c
