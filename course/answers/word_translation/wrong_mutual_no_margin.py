"""Ignores the margin."""

# loses: mutual_pairs

import numpy as np


def mutual_pairs(S, margin):
    forward, backward = np.argmax(S, axis=1), np.argmax(S, axis=0)
    return [(i, int(j)) for i, j in enumerate(forward) if backward[j] == i]
