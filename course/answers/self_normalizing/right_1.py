"""A right answer in vectorised NumPy with erfc and erfcx."""

import numpy as np
from scipy import special

WRITTEN = r"""
1. The mean stays 0, the variance becomes $1/q = 1.11$. A layer takes back about a fifth
   of the deviation, but each layer adds 0.11 again, so the stack settles above 1.
2. $\tau = 2$, outside both theorems ($\tau \le 1.1$ and $\le 1.25$); the variance grows
   into the hundreds.
3. No: a factor $E\,selu'^2 = 1.07$ per layer, 9 over 32 layers, without a fixed point.
"""


def selu(x, lam, alpha):
    negative = x <= 0
    clipped = np.minimum(x, 0)
    value = np.where(negative, lam * alpha * np.expm1(clipped), lam * x)
    return value, np.where(negative, lam * alpha * np.exp(clipped), lam)


def moment_map(mu, nu, weights, lam, alpha):
    m = weights.T @ mu
    v = (weights**2).T @ nu
    s = np.sqrt(v)
    r = m / (np.sqrt(2) * s)
    g = np.exp(-(r**2))
    e0 = special.erfc(r)
    e1 = g * special.erfcx((m + v) / (np.sqrt(2) * s))
    e2 = g * special.erfcx((m + 2 * v) / (np.sqrt(2) * s))
    half = np.sqrt(2 / np.pi) * s * g
    mean = lam / 2 * (alpha * (e1 - e0) + m * (2 - e0) + half)
    second = (m**2 + v) * (2 - e0) + alpha**2 * (e2 - 2 * e1 + e0) + m * half
    return mean, lam**2 / 2 * second - mean**2


def singular_values_2x2(matrices):
    squares = np.sum(matrices**2, axis=(-2, -1))
    rows = matrices[..., 0, :], matrices[..., 1, :]
    determinant = rows[0][..., 0] * rows[1][..., 1] - rows[0][..., 1] * rows[1][..., 0]
    total = np.sqrt(squares + 2 * np.abs(determinant))  # larger plus smaller
    gap = np.sqrt(np.maximum(squares - 2 * np.abs(determinant), 0))
    return np.stack([(total + gap) / 2, (total - gap) / 2], axis=-1)


def alpha_dropout(x, rate, mu, nu, rng, training=True):
    if not training:
        return x
    low, q = -1.7580993408473766, 1 - rate
    a = np.sqrt(nu / (q * ((1 - q) * (low - mu) ** 2 + nu)))
    b = mu - a * (q * mu + (1 - q) * low)
    d = rng.binomial(1, q, size=x.shape)
    return a * (x * d + low * (1 - d)) + b


def solve_selu(nu_target):
    s = nu_target**0.5
    e1, e2 = special.erfcx(s / 2**0.5), special.erfcx(2**0.5 * s)
    alpha = (2 / np.pi) ** 0.5 * s / (1 - e1)
    return alpha, (nu_target / (nu_target + alpha**2 * (1 - 2 * e1 + e2)) * 2) ** 0.5
