"""Repeats the end rows beyond the inputs instead of 0."""

# loses: windows

import numpy as np


def windows(row, H, top, K):
    P = len(H)
    cat = np.concatenate([row[None], H, top[None]])
    cat = np.pad(cat, ((K // 2 - 1, K), (0, 0)), mode="edge")
    return np.stack([cat[p : p + K].ravel() for p in range(P)])
