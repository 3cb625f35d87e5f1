"""Puts a floor of 1e-300 under the weights, so that none is exactly 0."""

# loses: sharpen

import numpy as np


def sharpen(w, gamma):
    logs = gamma * np.log(np.maximum(w, 1e-300))
    powers = np.exp(logs - logs.max())
    return powers / powers.sum()
