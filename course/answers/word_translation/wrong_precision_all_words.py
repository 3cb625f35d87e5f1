"""Divides by the weight of all words."""

# loses: precision_at_k

import numpy as np


def precision_at_k(S, gold, k, weights):
    right = 0.0
    for row, columns in gold.items():
        best = np.argsort(-S[row], kind="stable")[:k]
        right += weights[row] * any(int(j) in columns for j in best)
    return float(100 * right / weights.sum())
