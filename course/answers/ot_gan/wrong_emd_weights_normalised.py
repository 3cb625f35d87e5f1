"""Scales the weights to sum to one."""

# loses: emd_lp

import numpy as np
from scipy import optimize


def emd_lp(a, b, C):
    n, m = C.shape
    bounds = [(0, 0 if np.isinf(c) else None) for c in C.ravel()]
    finite = np.where(np.isinf(C), 0.0, C)
    sums = np.vstack([np.kron(np.eye(n), np.ones(m)), np.kron(np.ones(n), np.eye(m))])
    right = np.r_[a / a.sum(), b / b.sum()]
    result = optimize.linprog(finite.ravel(), A_eq=sums, b_eq=right, bounds=bounds)
    f, h = np.split(result.eqlin.marginals, [n])
    return result.fun, result.x.reshape(n, m), f, h
