"""Sums strengths that the same pop has lowered already."""

# loses: pop_strengths

import numpy as np


def pop_strengths(s, u, kind):
    left = np.array(s)
    order = list(range(s.shape[1]))
    if kind == "stack":
        order.reverse()
    for place, i in enumerate(order):
        nearer = left[:, order[:place]].sum(axis=1)
        left[:, i] = np.maximum(0.0, s[:, i] - np.maximum(0.0, u - nearer))
    return left, s.sum(axis=1) - left.sum(axis=1)
