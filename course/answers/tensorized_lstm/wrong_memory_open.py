"""Ignores the closed end and repeats the first row there too."""

# loses: memory_conv

import numpy as np


def memory_conv(C, q, closed=False):
    P, K = q.shape
    weights = np.exp(q - q.max(axis=1, keepdims=True))
    weights = weights / weights.sum(axis=1, keepdims=True)
    before = np.repeat(C[:1], K // 2, axis=0)
    after = np.repeat(C[-1:], K - 1 - K // 2, axis=0)
    padded = np.concatenate([before, C, after])
    return sum(weights[:, k : k + 1] * padded[k : k + P] for k in range(K))
