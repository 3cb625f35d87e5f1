"""Takes the offset as a number of frames."""

# loses: condition

import numpy as np


def condition(h, z, hop, offset):
    long = np.repeat(np.roll(z, -offset, axis=1), hop, axis=1)
    return h + long[:, : h.shape[1]]
