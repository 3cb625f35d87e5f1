"""Lets the higher column win a tie."""

# loses: precision_at_k

import numpy as np


def precision_at_k(S, gold, k, weights):
    right = total = 0.0
    for row, columns in gold.items():
        if columns:
            total += weights[row]
            best = np.argsort(S[row], kind="stable")[::-1][:k]
            right += weights[row] * any(int(j) in columns for j in best)
    return float(100 * right / total)
