"""Divides along the outputs of the next kernel."""

# loses: rescale

import numpy as np


def rescale(gamma, beta, W_next, alpha):
    factors = np.resize(alpha, W_next.shape[3])
    return alpha * gamma, alpha * beta, W_next / factors
