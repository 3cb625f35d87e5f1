"""Gives all filters the width of the middle one."""

# loses: filterbank

import numpy as np


def filterbank(g, delta, sigma, k, N, A):
    steps = np.arange(1, N + 1) - N / 2 - 0.5
    means = g[:, None] + steps * delta[:, None]
    widths = sigma[:, None] * np.ones(N)
    gaps = np.arange(1, A + 1) - means[:, :, None]
    exponents = -(gaps**2) / (2 * widths[:, :, None] ** 2)
    values = np.exp(exponents - exponents.max(axis=2, keepdims=True))
    return values / values.sum(axis=2, keepdims=True)
