"""Rounds the classifier to its likeliest class: no gradient comes back."""

# loses: clamp_labels

import numpy as np


def clamp_labels(y, probs):
    classes = np.arange(probs.shape[1])
    allowed = np.where(y[:, None] <= -2, classes != -2 - y[:, None], True)
    guess = np.argmax(probs * allowed, axis=1)
    return np.eye(probs.shape[1])[np.where(y >= 0, y, guess)]
