"""Interpolates between frames in a line."""

# loses: condition

import numpy as np


def condition(h, z, hop, offset):
    places = np.arange(z.shape[1] * hop) / hop
    low = places.astype(int)
    high = np.minimum(low + 1, z.shape[1] - 1)
    part = (places - low)[:, None]
    long = (1 - part) * z[:, low] + part * z[:, high]
    return h + long[:, offset : offset + h.shape[1]]
