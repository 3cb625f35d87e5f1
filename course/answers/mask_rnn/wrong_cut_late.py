"""Cuts one step late."""

# loses: cut_gradients

import numpy as np


def cut_gradients(a, x, k):
    found, g = np.zeros(len(x)), 0.0
    for t in range(len(x)):
        g = (0.0 if t % k == min(1, k - 1) and t > 1 else a[t] * g) + x[t]
        found[t] = g
    return found
