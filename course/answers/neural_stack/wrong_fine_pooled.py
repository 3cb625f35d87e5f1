"""Pools the symbols of all sequences, so that long ones count more."""

# loses: coarse_fine

import numpy as np


def coarse_fine(pred, target, lengths):
    shares = []
    for told, wanted, n in zip(pred, target, lengths.astype(int), strict=True):
        wrong = np.flatnonzero(told[:n] != wanted[:n])
        right = wrong[0] if len(wrong) else n
        shares.append(right / n if n else 1.0)
    shares, sizes = np.array(shares), np.maximum(1, lengths)
    return float(np.mean(shares == 1.0)), float(np.sum(shares * sizes) / sizes.sum())
