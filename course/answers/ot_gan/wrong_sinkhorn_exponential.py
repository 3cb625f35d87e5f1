"""Scales exp(-C / eps) itself: nothing is left of it at small eps."""

# loses: sinkhorn_log

import numpy as np


def sinkhorn_log(C, eps, n_iter, a=None, b=None):
    n, m = C.shape
    a = np.full(n, 1 / n, C.dtype) if a is None else a
    b = np.full(m, 1 / m, C.dtype) if b is None else b
    kernel = np.exp(-C / C.dtype.type(eps))
    u = np.ones(n, C.dtype)
    with np.errstate(all="ignore"):
        for _ in range(n_iter):
            v = b / (kernel.T @ u)
            u = a / (kernel @ v)
        return u[:, None] * kernel * v, eps * np.log(u), eps * np.log(v)
