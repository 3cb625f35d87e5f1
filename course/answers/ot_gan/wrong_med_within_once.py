"""Takes one mean of all within terms, and subtracts it once instead of twice."""

# loses: med_loss

import numpy as np


def med_loss(W, is_data):
    off = ~np.eye(len(W), dtype=bool)
    same = is_data[:, None] == is_data
    return 2 * W[~same].mean() - W[same & off].mean()
