"""Lets strengths become negative."""

# loses: pop_strengths

import numpy as np


def pop_strengths(s, u, kind):
    flip = -1 if kind == "stack" else 1
    ordered = s[:, ::flip]
    nearer = np.cumsum(ordered, axis=1) - ordered
    debt = np.maximum(0.0, u[:, None] - nearer)
    left = (ordered - debt)[:, ::flip]
    return left, s.sum(axis=1) - left.sum(axis=1)
