"""Makes the weights sum to mass even where less is held."""

# loses: read_weights

import numpy as np


def read_weights(s, kind, mass):
    flip = -1 if kind == "stack" else 1
    ordered = s[:, ::flip]
    room = np.maximum(0.0, mass - (np.cumsum(ordered, axis=1) - ordered))
    weights = np.minimum(ordered, room)[:, ::flip]
    total = weights.sum(axis=1, keepdims=True)
    return mass * weights / np.where(total > 0, total, 1.0)
