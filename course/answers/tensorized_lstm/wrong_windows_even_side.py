"""Gives an even kernel its extra row on the side of the output."""

# loses: windows

import numpy as np


def windows(row, H, top, K):
    P = len(H)
    cat = np.concatenate([row[None], H, top[None]])
    cat = np.pad(cat, (((K - 1) // 2 - 1 if K > 2 else 0, 2 * K), (0, 0)))
    return np.stack(
        [(cat[p : p + K] if K > 2 else cat[p + 1 : p + 3]).ravel() for p in range(P)]
    )
