"""Adds up densities and takes the logarithm last, so that far frames underflow."""

# loses: gmm_nll

import numpy as np


def gmm_nll(x, log_pi, mu, s):
    there = ~np.isnan(x)[:, None]
    u = (np.nan_to_num(x)[:, None] - mu) / s
    logs = -0.5 * u**2 - np.log(s) - 0.5 * np.log(2 * np.pi)
    weighted = log_pi + np.sum(np.where(there, logs, 0.0), axis=2)
    return -np.log(np.exp(weighted).sum(axis=1))
