"""Takes the whole logarithm of 1 - rho squared instead of half of it."""

# loses: bivariate_log_prob

import numpy as np


def bivariate_log_prob(x, mu, s, a):
    u = (x - mu) / s
    difference, total = u[:, 0] - u[:, 1], u[:, 0] + u[:, 1]
    form = difference**2 * (1 + np.exp(2 * a)) + total**2 * (1 + np.exp(-2 * a))
    log_rest = 2 * np.log(2) - np.logaddexp(0, 2 * a) - np.logaddexp(0, -2 * a)
    return -form / 8 - np.log(2 * np.pi * s[:, 0] * s[:, 1]) - log_rest
