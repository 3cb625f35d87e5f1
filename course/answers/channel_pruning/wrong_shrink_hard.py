"""Keeps what is larger than eta as it is: a hard threshold."""

# loses: shrink

import numpy as np


def shrink(x, eta, kappa):
    return np.where(np.abs(x) > eta, x, 0) / (1 + kappa)
