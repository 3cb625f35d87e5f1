"""Takes exponentials of the raw logits, which overflow."""

# loses: memory_conv

import numpy as np


def memory_conv(C, q, closed=False):
    P, K = q.shape
    with np.errstate(all="ignore"):
        weights = np.exp(q) / np.exp(q).sum(axis=1, keepdims=True)
    before = np.repeat(C[:1], K // 2, axis=0) * (not closed)
    after = np.repeat(C[-1:], K - 1 - K // 2, axis=0)
    padded = np.concatenate([before, C, after])
    return sum(weights[:, k : k + 1] * padded[k : k + P] for k in range(K))
