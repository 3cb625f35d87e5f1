"""Counts each pair of a word and a translation."""

# loses: precision_at_k

import numpy as np


def precision_at_k(S, gold, k, weights):
    right = total = 0.0
    for row, columns in gold.items():
        best = np.argsort(-S[row], kind="stable")[:k]
        for j in columns:
            total += weights[row]
            right += weights[row] * (j in best)
    return float(100 * right / total)
