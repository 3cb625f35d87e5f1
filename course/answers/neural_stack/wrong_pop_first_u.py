"""Takes the first sequence's u from all of them."""

# loses: pop_strengths

import numpy as np


def pop_strengths(s, u, kind):
    flip = -1 if kind == "stack" else 1
    ordered = s[:, ::flip]
    nearer = np.cumsum(ordered, axis=1) - ordered
    debt = np.maximum(0.0, u[0] - nearer)
    left = np.maximum(0.0, ordered - debt)[:, ::flip]
    return left, s.sum(axis=1) - left.sum(axis=1)
