"""Waits for a sum of 1."""

# loses: act_weights

import numpy as np


def act_weights(h, lengths, epsilon):
    weights, ponder = np.zeros(h.shape), np.zeros(len(h))
    for row in range(len(h)):
        total = 0.0
        for step in range(lengths[row]):
            if total + h[row, step] >= 1 or step == lengths[row] - 1:
                weights[row, step] = 1 - total
                ponder[row] = step + 1 + (1 - total)
                break
            weights[row, step] = h[row, step]
            total = total + h[row, step]
    return weights, ponder
