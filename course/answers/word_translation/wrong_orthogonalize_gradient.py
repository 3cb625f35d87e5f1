"""Takes the whole gradient, four times the step."""

# loses: orthogonalize

import numpy as np


def orthogonalize(W, beta, steps):
    for _ in range(steps):
        gram = W @ np.swapaxes(W, -1, -2)
        W = W - 4 * beta * (gram @ W - W)
    return W
