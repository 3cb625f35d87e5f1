"""Gives everybody two copies of the chromosome."""

# loses: x_chromosome_log_lik

import numpy as np


def x_chromosome_log_lik(x, copies, logits):
    x = x.astype(float)
    terms = -x * np.logaddexp(0, -logits) - (2 - x) * np.logaddexp(0, logits)
    terms = terms + np.log(2) * (x == 1)
    return np.where(x < 0, 0, terms).sum()
