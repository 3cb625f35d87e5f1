"""Makes a mixture of each number by itself instead of the whole frame."""

# loses: gmm_nll

import numpy as np


def gmm_nll(x, log_pi, mu, s):
    there = ~np.isnan(x)[:, None]
    u = (np.nan_to_num(x)[:, None] - mu) / s
    logs = -0.5 * u**2 - np.log(s) - 0.5 * np.log(2 * np.pi)
    each = np.logaddexp.reduce(log_pi[:, :, None] + logs, axis=1)
    return -np.sum(np.where(there[:, 0], each, 0.0), axis=1)
