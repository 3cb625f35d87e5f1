"""Orders pairs by their columns."""

# loses: mutual_pairs

import numpy as np


def mutual_pairs(S, margin):
    found = []
    for i, row in enumerate(S):
        j = int(np.argmax(row))
        others = np.concatenate([np.delete(row, j), np.delete(S[:, j], i)])
        if np.all(S[i, j] - others > margin):
            found.append((i, j))
    return sorted(found, key=lambda pair: pair[1])
