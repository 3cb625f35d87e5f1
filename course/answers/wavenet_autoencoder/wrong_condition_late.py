"""Moves the code to the other side: it begins after the piece."""

# loses: condition

import numpy as np


def condition(h, z, hop, offset):
    long = np.repeat(z, hop, axis=1)
    return h + np.pad(long, [(0, 0), (offset, 0), (0, 0)])[:, : h.shape[1]]
