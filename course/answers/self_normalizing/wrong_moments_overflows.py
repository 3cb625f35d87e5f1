"""Types the formula as printed: e^(2 s^2) overflows."""

# loses: moment_map

import numpy as np
from scipy import special


def moment_map(mu, nu, weights, lam, alpha):
    m = mu @ weights
    v = nu @ weights**2
    s = np.sqrt(v)
    g = np.exp(-(m**2) / (2 * v))
    e0 = special.erfc(m / (np.sqrt(2) * s))
    e1 = np.exp(m + v / 2) * special.erfc((m + v) / (np.sqrt(2) * s))
    e2 = np.exp(2 * m + 2 * v) * special.erfc((m + 2 * v) / (np.sqrt(2) * s))
    half = np.sqrt(2 / np.pi) * s * g
    mean = lam / 2 * (alpha * (e1 - e0) + m * (2 - e0) + half)
    second = (m**2 + v) * (2 - e0) + alpha**2 * (e2 - 2 * e1 + e0) + m * half
    second = lam**2 / 2 * second
    return mean, second - mean**2
