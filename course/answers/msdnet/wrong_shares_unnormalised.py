"""Leaves the shares as they are, though their sum is not 1."""

# loses: exit_shares

import numpy as np


def exit_shares(q):
    reached = np.concatenate([[1.0], np.cumprod(1 - q)[:-1]])
    return reached * q
