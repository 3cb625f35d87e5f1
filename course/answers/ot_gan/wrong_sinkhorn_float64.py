"""Computes and returns float64, whatever the cost's dtype."""

# loses: sinkhorn_log

import numpy as np


def sinkhorn_log(C, eps, n_iter, a=None, b=None):
    n, m = C.shape
    C = C.astype(np.float64)
    log_a = np.log(np.full(n, 1 / n) if a is None else a)
    log_b = np.log(np.full(m, 1 / m) if b is None else b)
    f = np.zeros(n)
    for _ in range(n_iter):
        h = log_b - np.logaddexp.reduce(f[:, None] - C / eps, axis=0)
        f = log_a - np.logaddexp.reduce(h - C / eps, axis=1)
    return np.exp(f[:, None] + h - C / eps), eps * f, eps * h
