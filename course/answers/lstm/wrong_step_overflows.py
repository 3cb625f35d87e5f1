"""Uses a sigmoid that overflows for large negative values."""

# loses: lstm_step

import numpy as np


def lstm_step(x, h, c, W, U, b, mask):
    i, f, g, o = np.split(x @ W + h @ U + b, 4, axis=1)
    i, f, o = (1 / (1 + np.exp(-v)) for v in (i, f, o))
    new = f * c + i * np.tanh(g)
    on = np.asarray(mask)[:, None] != 0
    return np.where(on, o * np.tanh(new), h), np.where(on, new, c)
