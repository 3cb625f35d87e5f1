"""Cuts one step early."""

# loses: cut_gradients

import numpy as np


def cut_gradients(a, x, k):
    found, g = np.zeros(len(x)), 0.0
    for t in range(len(x)):
        g = (0.0 if (t + 1) % k == 0 else a[t] * g) + x[t]
        found[t] = g
    return found
