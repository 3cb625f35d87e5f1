"""Moves the players of a draw apart."""

# loses: skill_update

import numpy as np
from scipy.stats import norm


def skill_update(mu, s, luck, outcome):
    order = np.array([1, 0] if outcome == -1 else [0, 1])
    mean, variance = mu[order], s[order] ** 2 + (25 / 300) ** 2
    total = np.sum(luck**2)
    c = np.sqrt(total + variance.sum())
    t = (mean[0] - mean[1]) / c
    e = norm.ppf(0.55) * np.sqrt(total) / c
    if outcome == 0:
        mass = norm.cdf(e - t) - norm.cdf(-e - t)
        v = (norm.pdf(e - t) - norm.pdf(-e - t)) / mass
        w = v**2 + ((e - t) * norm.pdf(e - t) + (e + t) * norm.pdf(e + t)) / mass
    else:
        v = np.exp(norm.logpdf(t - e) - norm.logcdf(t - e))
        w = v * (v + t - e)
    mean = mean + np.array([1, -1]) * variance / c * v
    deviation = np.sqrt(variance * (1 - variance / c**2 * w))
    return mean[order], deviation[order]
