"""Gives the states for w = 1, not their derivatives."""

# loses: cut_gradients

import numpy as np


def cut_gradients(a, x, k):
    found, s = np.zeros(len(x)), 0.0
    for t in range(len(x)):
        s = a[t] * s + x[t]
        found[t] = s
    return found
