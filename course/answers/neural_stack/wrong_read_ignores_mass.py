"""Reads up to 1 whatever mass says: the function of the lesson."""

# loses: read_weights

import numpy as np


def read_weights(s, kind, mass):
    flip = -1 if kind == "stack" else 1
    ordered = s[:, ::flip]
    room = np.maximum(0.0, 1.0 - (np.cumsum(ordered, axis=1) - ordered))
    return np.minimum(ordered, room)[:, ::flip]
