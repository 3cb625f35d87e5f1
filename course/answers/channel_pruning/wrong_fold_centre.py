"""Takes one tap of the kernel instead of the sum over all places."""

# loses: fold_constants

import numpy as np


def fold_constants(W_next, gamma, beta, slope, mean=None, bias=None):
    closed = gamma == 0
    constants = np.where(beta > 0, beta, slope * beta)
    sums = W_next[0, 0, closed]
    shift = constants[closed] @ sums
    vector = bias + shift if mean is None else mean - shift
    return W_next[:, :, ~closed], vector
