"""Looks at the best column only, whatever k is."""

# loses: precision_at_k

import numpy as np


def precision_at_k(S, gold, k, weights):
    right = total = 0.0
    for row, columns in gold.items():
        if columns:
            total += weights[row]
            right += weights[row] * (int(np.argmax(S[row])) in columns)
    return float(100 * right / total)
