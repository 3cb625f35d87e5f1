"""Gives every output the average over the outputs."""

# loses: fold_constants

import numpy as np


def fold_constants(W_next, gamma, beta, slope, mean=None, bias=None):
    closed = gamma == 0
    constants = np.where(beta > 0, beta, slope * beta)
    sums = W_next[:, :, closed].sum(axis=(0, 1)).mean(axis=1, keepdims=True) * np.ones(
        W_next.shape[3]
    )
    shift = constants[closed] @ sums
    vector = bias + shift if mean is None else mean - shift
    return W_next[:, :, ~closed], vector
