"""Puts the taps next to each other at the far end."""

# loses: causal_conv

import numpy as np


def causal_conv(x, w, b, d, past):
    joined = np.concatenate([past, x], axis=1)
    length = x.shape[1]
    y = b + np.zeros((len(x), length, w.shape[2]))
    for j in range(len(w)):
        y = y + joined[:, j : j + length] @ w[j]
    return y
