"""Finds no pair where there is nothing to compare with."""

# loses: mutual_pairs

import numpy as np


def mutual_pairs(S, margin):
    found = []
    for i, row in enumerate(S):
        j = int(np.argmax(row))
        rest, above = np.delete(row, j), np.delete(S[:, j], i)
        if rest.size and above.size and S[i, j] - max(rest.max(), above.max()) > margin:
            found.append((i, j))
    return found
