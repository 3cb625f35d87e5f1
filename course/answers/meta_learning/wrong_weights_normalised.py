"""Divides the weights by their mean."""

# loses: trajectory_weights

import numpy as np


def trajectory_weights(new, old, lengths, limit):
    inside = np.arange(new.shape[1])[None, :] < lengths[:, None]
    ratios = np.where(inside, new, 0.0) - np.where(inside, old, 0.0)
    found = np.exp(np.clip(ratios.sum(axis=1), -limit, limit))
    return found / found.mean()
