"""Keeps the lesson's order: rows first, columns last."""

# loses: sinkhorn_log

import numpy as np


def sinkhorn_log(C, eps, n_iter, a=None, b=None):
    n, m = C.shape
    eps = C.dtype.type(eps)
    log_a = np.log(np.full(n, 1 / n) if a is None else a).astype(C.dtype)
    log_b = np.log(np.full(m, 1 / m) if b is None else b).astype(C.dtype)
    h = np.zeros(m, C.dtype)
    for _ in range(n_iter):
        f = log_a - np.logaddexp.reduce(h - C / eps, axis=1)
        h = log_b - np.logaddexp.reduce(f[:, None] - C / eps, axis=0)
    return np.exp(f[:, None] + h - C / eps), eps * f, eps * h
