"""Puts draws into a group that do not follow one another."""

# loses: iwae_bound

import numpy as np


def iwae_bound(log_w, k):
    groups = log_w.reshape(len(log_w), k, -1)
    return (np.logaddexp.reduce(groups, axis=1) - np.log(k)).mean(axis=1)
