"""Ignores the second input and puts 0 after the last location."""

# loses: windows

import numpy as np


def windows(row, H, top, K):
    cat = np.concatenate([row[None], H])
    cat = np.pad(cat, ((K // 2 - 1, K), (0, 0)))
    return np.stack([cat[p : p + K].ravel() for p in range(len(H))])
