"""Gives all who would leave nowhere to the last exit."""

# loses: exit_shares

import numpy as np


def exit_shares(q):
    reached = np.concatenate([[1.0], np.cumprod(1 - q)[:-1]])
    shares = reached * q
    shares[-1] = reached[-1]
    return shares
