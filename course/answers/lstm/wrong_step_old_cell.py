"""Makes the output from the old cell."""

# loses: lstm_step

import numpy as np
from scipy import special


def lstm_step(x, h, c, W, U, b, mask):
    i, f, g, o = np.split(x @ W + h @ U + b, 4, axis=1)
    new = special.expit(f) * c + special.expit(i) * np.tanh(g)
    out = special.expit(o) * np.tanh(c)
    on = np.asarray(mask)[:, None] != 0
    return np.where(on, out, h), np.where(on, new, c)
