"""Wants every translation among the best."""

# loses: precision_at_k

import numpy as np


def precision_at_k(S, gold, k, weights):
    right = total = 0.0
    for row, columns in gold.items():
        if columns:
            total += weights[row]
            best = set(np.argsort(-S[row], kind="stable")[:k].tolist())
            right += weights[row] * (columns <= best)
    return float(100 * right / total)
