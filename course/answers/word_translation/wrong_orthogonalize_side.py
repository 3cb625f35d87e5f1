"""Takes the transpose times W, which fits square matrices only."""

# loses: orthogonalize

import numpy as np


def orthogonalize(W, beta, steps):
    for _ in range(steps):
        W = (1 + beta) * W - beta * (np.swapaxes(W, -1, -2) @ W) @ W
    return W
