"""Reads every example with the filters of the first."""

# loses: read

import numpy as np


def read(x, F_X, F_Y, gamma):
    patch = np.einsum("ib,nbac,ja->nijc", F_Y[0], x, F_X[0])
    return gamma[:, None, None, :] * patch
