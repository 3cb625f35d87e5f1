"""Divides by n - 1 instead of n (n - 1)."""

# loses: mmd_u

import numpy as np


def mmd_u(x, y, kernel):
    n, m = len(x), len(y)
    a, b = kernel(x, x), kernel(y, y)
    first, second = a.sum() - np.trace(a), b.sum() - np.trace(b)
    return first / (n - 1) + second / (m - 1) - 2 * kernel(x, y).mean()
