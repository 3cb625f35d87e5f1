"""Leaves the absolute value out of the exponential."""

# loses: weighted_loss

import numpy as np


def weighted_loss(z, y, c):
    losses = np.maximum(z, 0) - y * z + np.log1p(np.exp(-z))
    probability = 0.5 * (1 + np.tanh(z / 2))
    return float(np.sum(c * losses) / np.sum(c)), c * (probability - y) / np.sum(c)
