"""Takes the logarithm of a sigmoid that is 0."""

# loses: weighted_loss

import numpy as np


def weighted_loss(z, y, c):
    p = 1 / (1 + np.exp(-z))
    losses = -y * np.log(p) - (1 - y) * np.log(1 - p)
    probability = 0.5 * (1 + np.tanh(z / 2))
    return float(np.sum(c * losses) / np.sum(c)), c * (probability - y) / np.sum(c)
