"""Forgets the bias."""

# loses: causal_conv

import numpy as np


def causal_conv(x, w, b, d, past):
    joined = np.concatenate([past, x], axis=1)
    length = x.shape[1]
    y = np.zeros((len(x), length, w.shape[2]))
    for j in range(len(w)):
        y = y + joined[:, j * d : j * d + length] @ w[j]
    return y
