"""Ignores the groups: one bound from all draws."""

# loses: iwae_bound

import numpy as np


def iwae_bound(log_w, k):
    return np.logaddexp.reduce(log_w, axis=1) - np.log(log_w.shape[1])
