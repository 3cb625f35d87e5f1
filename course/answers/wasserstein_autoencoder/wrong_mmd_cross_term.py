"""Divides the cross term by n (n - 1) too."""

# loses: mmd_u

import numpy as np


def mmd_u(x, y, kernel):
    n, m = len(x), len(y)
    a, b = kernel(x, x), kernel(y, y)
    first, second = a.sum() - np.trace(a), b.sum() - np.trace(b)
    between = 2 * kernel(x, y).sum() / (n * (n - 1))
    return first / (n * (n - 1)) + second / (m * (m - 1)) - between
