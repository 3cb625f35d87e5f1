"""Reads every cell whole."""

# loses: read_weights

import numpy as np


def read_weights(s, kind, mass):
    flip = -1 if kind == "stack" else 1
    ordered = s[:, ::flip]
    room = np.maximum(0.0, mass - (np.cumsum(ordered, axis=1) - ordered))
    return np.minimum(ordered, room + ordered)[:, ::flip]
