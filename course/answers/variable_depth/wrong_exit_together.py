"""Stops when all examples of the batch may leave."""

# loses: early_exit

import numpy as np


def early_exit(g, p, tau):
    last = g.shape[1] - 1
    for layer in range(last + 1):
        sums = g[:, : layer + 1].sum(axis=1)
        if np.all(sums >= tau - 1e-9) or layer == last:
            so_far = g[:, : layer + 1, None] * p[:, : layer + 1]
            classes = so_far.sum(axis=1).argmax(axis=1)
            return classes, np.full(len(g), layer + 1)
