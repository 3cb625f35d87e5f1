"""Sends each mass to its nearest target, however full."""

# loses: ot_lp

import numpy as np


def ot_lp(a, b, C):
    plan = np.zeros(C.shape)
    plan[np.arange(len(a)), C.argmin(axis=1)] = a
    return np.sum(plan * C), plan
