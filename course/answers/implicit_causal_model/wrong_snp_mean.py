"""Gives the mean over genotypes in the place of the sum."""

# loses: x_chromosome_log_lik

import numpy as np


def x_chromosome_log_lik(x, copies, logits):
    x, c = x.astype(float), copies[:, None].astype(float)
    terms = -x * np.logaddexp(0, -logits) - (c - x) * np.logaddexp(0, logits)
    terms = terms + np.log(2) * ((c == 2) & (x == 1))
    return np.where(x < 0, 0, terms).mean()
