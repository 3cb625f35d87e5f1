"""Replaces a forbidden pair by a large cost that is not large enough."""

# loses: emd_lp

import numpy as np
from scipy import optimize


def emd_lp(a, b, C):
    n, m = C.shape
    C = np.where(np.isinf(C), 3.0, C)
    sums = np.vstack([np.kron(np.eye(n), np.ones(m)), np.kron(np.ones(n), np.eye(m))])
    result = optimize.linprog(C.ravel(), A_eq=sums, b_eq=np.r_[a, b])
    f, h = np.split(result.eqlin.marginals, [n])
    return result.fun, result.x.reshape(n, m), f, h
