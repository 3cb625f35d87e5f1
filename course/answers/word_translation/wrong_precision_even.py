"""Counts every word once, whatever its weight."""

# loses: precision_at_k

import numpy as np


def precision_at_k(S, gold, k, weights):
    right = [
        any(int(j) in columns for j in np.argsort(-S[row], kind="stable")[:k])
        for row, columns in gold.items()
        if columns
    ]
    return float(100 * np.mean(right))
