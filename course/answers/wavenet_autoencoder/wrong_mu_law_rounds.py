"""Rounds to the nearest code instead of down."""

# loses: mu_law

import numpy as np


def mu_law(x, bits):
    mu, h = 2**bits - 1, 2 ** (bits - 1)
    curve = np.sign(x) * np.log1p(mu * np.abs(x)) / np.log1p(mu)
    q = np.minimum(np.round(h * curve), h - 1)
    y = (q + 0.5) / h
    decoded = np.sign(y) * ((1 + mu) ** np.abs(y) - 1) / mu
    return q, np.where(q == 0, 0.0, decoded)
