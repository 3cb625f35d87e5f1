"""Moves over the cheapest pair first: a plan, not the cheapest."""

# loses: ot_lp

import numpy as np


def ot_lp(a, b, C):
    left, room = a.copy(), b.copy()
    plan = np.zeros(C.shape)
    for i, j in zip(*np.unravel_index(np.argsort(C, axis=None), C.shape), strict=True):
        plan[i, j] = min(left[i], room[j])
        left[i] -= plan[i, j]
        room[j] -= plan[i, j]
    return np.sum(plan * C), plan
