"""Adds up deviations: sqrt(nu) w instead of nu w^2."""

# loses: moment_map

import numpy as np
from scipy import special


def moment_map(mu, nu, weights, lam, alpha):
    m = mu @ weights
    v = (np.sqrt(nu) @ np.abs(weights)) ** 2
    s = np.sqrt(v)
    g = np.exp(-(m**2) / (2 * v))
    e0 = special.erfc(m / (np.sqrt(2) * s))
    e1 = g * special.erfcx((m + v) / (np.sqrt(2) * s))
    e2 = g * special.erfcx((m + 2 * v) / (np.sqrt(2) * s))
    half = np.sqrt(2 / np.pi) * s * g
    mean = lam / 2 * (alpha * (e1 - e0) + m * (2 - e0) + half)
    second = (m**2 + v) * (2 - e0) + alpha**2 * (e2 - 2 * e1 + e0) + m * half
    second = lam**2 / 2 * second
    return mean, second - mean**2
