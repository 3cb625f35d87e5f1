"""Computes the formula as it stands: zero by zero."""

# loses: squash

import numpy as np


def squash(s, axis=-1):
    square = np.sum(s**2, axis=axis, keepdims=True)
    return np.nan_to_num(square / (1 + square) * s / np.sqrt(square))
