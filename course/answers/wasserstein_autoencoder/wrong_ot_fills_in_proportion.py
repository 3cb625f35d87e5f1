"""Fills every target in proportion to its capacity."""

# loses: ot_lp

import numpy as np
from scipy import optimize


def ot_lp(a, b, C):
    n, m = C.shape
    rows = np.kron(np.eye(n), np.ones((1, m)))
    columns = np.kron(np.ones((1, n)), np.eye(m))
    sums, masses = np.vstack([rows, columns]), np.r_[a, b * a.sum() / b.sum()]
    answer = optimize.linprog(C.ravel(), A_eq=sums, b_eq=masses)
    return answer.fun, answer.x.reshape(n, m)
