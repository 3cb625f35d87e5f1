"""Asks the rows only."""

# loses: mutual_pairs

import numpy as np


def mutual_pairs(S, margin):
    found = []
    for i, row in enumerate(S):
        j = int(np.argmax(row))
        if np.all(S[i, j] - np.delete(row, j) > margin):
            found.append((i, j))
    return found
