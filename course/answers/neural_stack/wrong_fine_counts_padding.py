"""Counts what stands behind the end."""

# loses: coarse_fine

import numpy as np


def coarse_fine(pred, target, lengths):
    shares = []
    for told, wanted, n in zip(
        pred, target, np.full(len(lengths), pred.shape[1]), strict=True
    ):
        wrong = np.flatnonzero(told[:n] != wanted[:n])
        right = wrong[0] if len(wrong) else n
        shares.append(right / n if n else 1.0)
    shares = np.array(shares)
    return float(np.mean(shares == 1.0)), float(np.mean(shares))
