"""Leaves out the class that was ruled out, and does not renormalise."""

# loses: clamp_labels

import numpy as np


def clamp_labels(y, probs):
    classes = np.arange(probs.shape[1])
    rows = np.where(y[:, None] <= -2, probs * (classes != -2 - y[:, None]), probs)
    return np.where(y[:, None] >= 0, classes == y[:, None], rows).astype(float)
