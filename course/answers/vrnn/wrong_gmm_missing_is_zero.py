"""Reads a missing number as 0."""

# loses: gmm_nll

import numpy as np


def gmm_nll(x, log_pi, mu, s):
    ~np.isnan(x)[:, None]
    u = (np.nan_to_num(x)[:, None] - mu) / s
    logs = -0.5 * u**2 - np.log(s) - 0.5 * np.log(2 * np.pi)
    weighted = log_pi + np.sum(logs, axis=2)
    return -np.logaddexp.reduce(weighted, axis=1)
