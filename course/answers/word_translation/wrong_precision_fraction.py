"""Returns a fraction instead of percent."""

# loses: precision_at_k

import numpy as np


def precision_at_k(S, gold, k, weights):
    right = total = 0.0
    for row, columns in gold.items():
        if columns:
            total += weights[row]
            best = np.argsort(-S[row], kind="stable")[:k]
            right += weights[row] * any(int(j) in columns for j in best)
    return float(right / total)
