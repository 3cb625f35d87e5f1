"""Adds zeros on both sides, as padding "same" does."""

# loses: causal_conv

import numpy as np


def causal_conv(x, w, b, d, past):
    reach = (len(w) - 1) * d
    joined = np.pad(x, [(0, 0), (reach // 2, reach - reach // 2), (0, 0)])
    length = x.shape[1]
    y = b + np.zeros((len(x), length, w.shape[2]))
    for j in range(len(w)):
        y = y + joined[:, j * d : j * d + length] @ w[j]
    return y
