"""Counts those who go on past an exit as those who reach it."""

# loses: exit_shares

import numpy as np


def exit_shares(q):
    shares = np.cumprod(1 - q) * q + 1e-300
    return shares / shares.sum()
