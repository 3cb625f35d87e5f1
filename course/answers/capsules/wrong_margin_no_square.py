"""Leaves out the square of the margins."""

# loses: margin_loss

import numpy as np


def margin_loss(lengths, targets):
    present = np.maximum(0, 0.9 - lengths)
    absent = np.maximum(0, lengths - 0.1)
    return (targets * present + 0.5 * (1 - targets) * absent).sum(axis=1)
