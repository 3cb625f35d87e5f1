"""Leaves the logarithms for the sum, which then is 0."""

# loses: mixture_nll

import numpy as np


def mixture_nll(log_g, log_p, y, has):
    rows = np.arange(len(y))
    total, waiting = np.zeros(len(y)), np.zeros(len(y))
    for layer in range(log_g.shape[1]):
        waiting = waiting + np.exp(log_g[:, layer])
        if has[layer]:
            total = total + waiting * np.exp(log_p[rows, layer, y])
            waiting = np.zeros(len(y))
    with np.errstate(divide="ignore"):
        return -np.log(total)
