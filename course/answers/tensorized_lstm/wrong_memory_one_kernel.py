"""Uses the kernel of the first location for all of them."""

# loses: memory_conv

import numpy as np


def memory_conv(C, q, closed=False):
    P, K = q.shape
    weights = np.exp(q[0] - q[0].max())
    weights = weights / weights.sum()
    before = np.repeat(C[:1], K // 2, axis=0) * (not closed)
    after = np.repeat(C[-1:], K - 1 - K // 2, axis=0)
    padded = np.concatenate([before, C, after])
    return sum(weights[k] * padded[k : k + P] for k in range(K))
