"""Gives a frame no cost at all if any of its numbers is missing."""

# loses: gmm_nll

import numpy as np


def gmm_nll(x, log_pi, mu, s):
    there = ~np.isnan(x)[:, None]
    u = (np.nan_to_num(x)[:, None] - mu) / s
    logs = -0.5 * u**2 - np.log(s) - 0.5 * np.log(2 * np.pi)
    weighted = log_pi + np.sum(np.where(there, logs, 0.0), axis=2)
    whole = there[:, 0].all(axis=1)
    return np.where(whole, -np.logaddexp.reduce(weighted, axis=1), 0.0)
