"""Weighs the within terms as if there were as many of them as between terms."""

# loses: med_loss

import numpy as np


def med_loss(W, is_data):
    off = ~np.eye(len(W), dtype=bool)
    same = is_data[:, None] == is_data
    return 2 * W[~same].mean() - W[same & off].mean()
