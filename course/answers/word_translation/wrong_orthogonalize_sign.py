"""Steps away from orthogonal matrices."""

# loses: orthogonalize

import numpy as np


def orthogonalize(W, beta, steps):
    for _ in range(steps):
        W = (1 - beta) * W + beta * (W @ np.swapaxes(W, -1, -2)) @ W
    return W
