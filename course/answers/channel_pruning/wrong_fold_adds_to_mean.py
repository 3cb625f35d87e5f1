"""Adds to the moving mean instead of taking from it."""

# loses: fold_constants

import numpy as np


def fold_constants(W_next, gamma, beta, slope, mean=None, bias=None):
    closed = gamma == 0
    constants = np.where(beta > 0, beta, slope * beta)
    sums = W_next[:, :, closed].sum(axis=(0, 1))
    shift = constants[closed] @ sums
    vector = (bias if mean is None else mean) + shift
    return W_next[:, :, ~closed], vector
