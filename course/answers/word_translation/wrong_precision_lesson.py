"""Gives credit for the share of translations that are found."""

# loses: precision_at_k

import numpy as np


def precision_at_k(S, gold, k, weights):
    right = total = 0.0
    for row, columns in gold.items():
        if columns:
            total += weights[row]
            best = np.argsort(-S[row], kind="stable")[:k]
            right += weights[row] * np.mean([j in best for j in columns])
    return float(100 * right / total)
