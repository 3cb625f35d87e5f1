"""Cuts at 0 from above only: negative numbers become 0."""

# loses: shrink

import numpy as np


def shrink(x, eta, kappa):
    return np.maximum(x - eta, 0) / (1 + kappa)
