"""Puts 0 beyond both ends, so that a constant memory decays."""

# loses: memory_conv

import numpy as np


def memory_conv(C, q, closed=False):
    P, K = q.shape
    weights = np.exp(q - q.max(axis=1, keepdims=True))
    weights = weights / weights.sum(axis=1, keepdims=True)
    before = np.zeros((K // 2, C.shape[1]))
    after = np.zeros((K - 1 - K // 2, C.shape[1]))
    padded = np.concatenate([before, C, after])
    return sum(weights[:, k : k + 1] * padded[k : k + P] for k in range(K))
