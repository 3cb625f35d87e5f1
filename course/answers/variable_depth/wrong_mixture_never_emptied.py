"""Lets those who are answered be answered again."""

# loses: mixture_nll

import numpy as np


def mixture_nll(log_g, log_p, y, has):
    rows = np.arange(len(y))
    total = np.full(len(y), -np.inf)
    waiting = np.full(len(y), -np.inf)
    for layer in range(log_g.shape[1]):
        waiting = np.logaddexp(waiting, log_g[:, layer])
        if has[layer]:
            total = np.logaddexp(total, waiting + log_p[rows, layer, y])
    return -total
