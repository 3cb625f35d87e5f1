"""Begins with the first frame whatever the offset is."""

# loses: condition

import numpy as np


def condition(h, z, hop, offset):
    long = np.repeat(z, hop, axis=1)
    return h + long[:, : h.shape[1]]
