"""Makes a single step, whatever is asked for."""

# loses: orthogonalize

import numpy as np


def orthogonalize(W, beta, steps):
    return (1 + beta) * W - beta * (W @ np.swapaxes(W, -1, -2)) @ W if steps else W
