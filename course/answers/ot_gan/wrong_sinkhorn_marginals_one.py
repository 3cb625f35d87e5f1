"""Makes rows and columns sum to one."""

# loses: sinkhorn_log

import numpy as np


def sinkhorn_log(C, eps, n_iter, a=None, b=None):
    L = -C / C.dtype.type(eps)
    start = L.copy()
    for _ in range(n_iter):
        L = L - np.logaddexp.reduce(L, axis=0)
        L = L - np.logaddexp.reduce(L, axis=1, keepdims=True)
    moved = L - start
    f, h = moved[:, 0], moved[0] - moved[0, 0]
    return np.exp(L), eps * f, eps * h
