"""Shows the input to every location."""

# loses: windows

import numpy as np


def windows(row, H, top, K):
    P = len(H)
    cat = np.concatenate([row[None], H, top[None]])
    cat = np.pad(cat, ((K // 2 - 1, K), (0, 0)))
    found = np.stack([cat[p : p + K] for p in range(P)])
    found[:, K // 2 - 1] = row
    return found.reshape(P, -1)
