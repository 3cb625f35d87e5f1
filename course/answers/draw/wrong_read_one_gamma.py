"""Gives all channels the first one's gamma."""

# loses: read

import numpy as np


def read(x, F_X, F_Y, gamma):
    patch = np.einsum("nib,nbac,nja->nijc", F_Y, x, F_X)
    return gamma[:, None, None, :1] * patch
