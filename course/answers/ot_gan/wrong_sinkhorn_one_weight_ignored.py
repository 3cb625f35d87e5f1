"""Uses weights only if both are given."""

# loses: sinkhorn_log

import numpy as np
from scipy.special import logsumexp


def sinkhorn_log(C, eps, n_iter, a=None, b=None):
    n, m = C.shape
    if a is None or b is None:
        a, b = np.full(n, 1 / n), np.full(m, 1 / m)
    log_a, log_b = np.log(a).astype(C.dtype), np.log(b).astype(C.dtype)
    f = np.zeros(n, C.dtype)
    for _ in range(n_iter):
        h = log_b - logsumexp(f[:, None] - C / eps, axis=0)
        f = log_a - logsumexp(h - C / eps, axis=1)
    return np.exp(f[:, None] + h - C / eps), eps * f, eps * h
