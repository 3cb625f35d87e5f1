"""Lets the filters of columns meet the rows."""

# loses: read

import numpy as np


def read(x, F_X, F_Y, gamma):
    patch = np.einsum(
        "nib,nabc,nja->njic",
        F_Y if F_Y.shape[2] == x.shape[2] else F_X,
        x,
        F_X if F_Y.shape[2] == x.shape[2] else F_Y,
    )
    return gamma[:, None, None, :] * patch
