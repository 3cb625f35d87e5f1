"""Moves at least a: with negative costs it moves more."""

# loses: ot_lp

import numpy as np
from scipy import optimize


def ot_lp(a, b, C):
    n, m = C.shape
    rows = np.kron(np.eye(n), np.ones((1, m)))
    columns = np.kron(np.ones((1, n)), np.eye(m))
    limits = np.vstack([-rows, columns])
    answer = optimize.linprog(C.ravel(), A_ub=limits, b_ub=np.append(-a, b))
    return answer.fun, answer.x.reshape(n, m)
