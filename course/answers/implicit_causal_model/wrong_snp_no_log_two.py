"""Leaves out that one of two copies can come about in two ways."""

# loses: x_chromosome_log_lik

import numpy as np


def x_chromosome_log_lik(x, copies, logits):
    x, c = x.astype(float), copies[:, None].astype(float)
    terms = -x * np.logaddexp(0, -logits) - (c - x) * np.logaddexp(0, logits)
    return np.where(x < 0, 0, terms).sum()
