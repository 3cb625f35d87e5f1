"""Adds 1e-16 to the lengths: too much for short rows."""

# loses: content_weights

import numpy as np


def content_weights(M, k, beta):
    lengths = np.linalg.norm(M, axis=1) * np.linalg.norm(k) + 1e-16
    scores = beta * (M @ k) / lengths
    powers = np.exp(scores - scores.max())
    return powers / powers.sum()
