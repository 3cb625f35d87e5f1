"""Forms the probability first and takes logarithms of it."""

# loses: x_chromosome_log_lik

import numpy as np


def x_chromosome_log_lik(x, copies, logits):
    x, c = x.astype(float), copies[:, None].astype(float)
    q = 1 / (1 + np.exp(-logits))
    terms = x * np.log(q) + (c - x) * np.log(1 - q) + np.log(2) * ((c == 2) & (x == 1))
    return np.where(x < 0, 0, terms).sum()
