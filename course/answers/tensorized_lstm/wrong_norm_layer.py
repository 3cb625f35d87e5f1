"""Normalises over locations and channels together, as layer normalisation does."""

# loses: channel_norm

import numpy as np


def channel_norm(Z, gain=None, bias=None, eps=1e-3):
    centred = Z - Z.mean(axis=(-2, -1), keepdims=True)
    hat = centred / np.sqrt((centred**2).mean(axis=(-2, -1), keepdims=True) + eps)
    if gain is not None:
        hat = hat * gain
    return hat if bias is None else hat + bias
