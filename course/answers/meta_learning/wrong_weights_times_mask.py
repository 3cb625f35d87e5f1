"""Multiplies padding by zero, which leaves NaN."""

# loses: trajectory_weights

import numpy as np


def trajectory_weights(new, old, lengths, limit):
    inside = np.arange(new.shape[1])[None, :] < lengths[:, None]
    ratios = (new - old) * inside
    return np.exp(np.clip(ratios.sum(axis=1), -limit, limit))
