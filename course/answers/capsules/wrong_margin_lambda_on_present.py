"""Gives the half to the classes present."""

# loses: margin_loss

import numpy as np


def margin_loss(lengths, targets):
    present = np.maximum(0, 0.9 - lengths) ** 2
    absent = np.maximum(0, lengths - 0.1) ** 2
    return (0.5 * targets * present + (1 - targets) * absent).sum(axis=1)
