"""Computes tanh first and then the formula, which breaks where tanh has become 1."""

# loses: bivariate_log_prob

import numpy as np


def bivariate_log_prob(x, mu, s, a):
    rho = np.tanh(a)
    u = (x - mu) / s
    form = (u**2).sum(axis=1) - 2 * rho * u[:, 0] * u[:, 1]
    rest = 1 - rho**2
    scale = np.log(2 * np.pi * s[:, 0] * s[:, 1])
    return -form / (2 * rest) - scale - 0.5 * np.log(rest)
