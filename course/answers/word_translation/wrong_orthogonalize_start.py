"""Computes W times its transpose once, before the first step."""

# loses: orthogonalize

import numpy as np


def orthogonalize(W, beta, steps):
    gram = W @ np.swapaxes(W, -1, -2)
    for _ in range(steps):
        W = (1 + beta) * W - beta * gram @ W
    return W
