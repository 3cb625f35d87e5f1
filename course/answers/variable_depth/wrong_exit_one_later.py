"""Leaves one layer after the threshold was reached."""

# loses: early_exit

import numpy as np


def early_exit(g, p, tau):
    classes, depths = np.zeros(len(g), int), np.zeros(len(g), int)
    last = g.shape[1] - 1
    for row in range(len(g)):
        sums, mixture = 0.0, 0.0
        for layer in range(last + 1):
            sums = sums + g[row, layer]
            mixture = mixture + g[row, layer] * p[row, layer]
            if sums - g[row, layer] >= tau - 1e-9 or layer == last:
                classes[row], depths[row] = np.argmax(mixture), layer + 1
                break
    return classes, depths
