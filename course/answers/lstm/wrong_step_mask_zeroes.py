"""Sets ended rows to zero instead of keeping them."""

# loses: lstm_step

import numpy as np
from scipy import special


def lstm_step(x, h, c, W, U, b, mask):
    i, f, g, o = np.split(x @ W + h @ U + b, 4, axis=1)
    new = special.expit(f) * c + special.expit(i) * np.tanh(g)
    on = np.asarray(mask)[:, None]
    return on * special.expit(o) * np.tanh(new), on * new
