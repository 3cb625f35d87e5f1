"""Takes exponentials of the logits as they are: overflow for long votes."""

# loses: route

import numpy as np


def route(votes, iterations):
    b = np.zeros(votes.shape[:3])
    for _ in range(iterations):
        with np.errstate(all="ignore"):
            c = np.exp(b) / np.exp(b).sum(axis=2, keepdims=True)
        s = np.einsum("bij,bijd->bjd", c, votes)
        size = np.linalg.norm(s, axis=2, keepdims=True)
        v = s * size / (1 + size**2)
        b = b + np.einsum("bijd,bjd->bij", votes, v)
    return v, c
