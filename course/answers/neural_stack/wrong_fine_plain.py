"""Counts all right symbols, also those after an error."""

# loses: coarse_fine

import numpy as np


def coarse_fine(pred, target, lengths):
    shares = []
    for told, wanted, n in zip(pred, target, lengths.astype(int), strict=True):
        wrong = np.flatnonzero(told[:n] != wanted[:n])
        right = n - len(wrong)
        shares.append(right / n if n else 1.0)
    shares = np.array(shares)
    return float(np.mean(shares == 1.0)), float(np.mean(shares))
