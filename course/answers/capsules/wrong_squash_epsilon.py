"""Adds the lesson's small constant inside the root, which spoils short vectors."""

# loses: squash

import numpy as np


def squash(s, axis=-1):
    square = np.sum(s**2, axis=axis, keepdims=True)
    return s * square / (1 + square) / np.sqrt(square + 1e-9)
