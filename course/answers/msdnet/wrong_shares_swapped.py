"""Takes q for the probability of going on."""

# loses: exit_shares

import numpy as np


def exit_shares(q):
    shares = np.concatenate([[1.0], np.cumprod(q)[:-1]]) * (1 - q)
    return shares / shares.sum() if shares.sum() else np.ones(len(q)) / len(q)
