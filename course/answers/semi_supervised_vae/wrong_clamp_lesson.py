"""Knows the lesson's two kinds of labels: whatever is negative is missing."""

# loses: clamp_labels

import numpy as np


def clamp_labels(y, probs):
    one_hot = np.arange(probs.shape[1]) == y[:, None]
    return np.where(y[:, None] >= 0, one_hot, probs).astype(float)
