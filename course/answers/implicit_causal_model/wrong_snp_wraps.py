"""Subtracts in the type of the genotypes, where small whole numbers wrap round."""

# loses: x_chromosome_log_lik

import numpy as np


def x_chromosome_log_lik(x, copies, logits):
    c = copies[:, None]
    terms = -x * np.logaddexp(0, -logits) - (c - x) * np.logaddexp(0, logits)
    terms = terms + np.log(2) * ((c == 2) & (x == 1))
    return np.where(x < 0, 0, terms).sum()
