"""Leaves the outgoing weights out."""

# loses: activation_surface

import numpy as np


def activation_surface(h, W_out):
    values = 1.0 * h
    total = values.sum(axis=1, keepdims=True)
    even = np.full(values.shape, 1 / values.shape[1])
    return np.divide(values, total, out=even, where=total > 0)
