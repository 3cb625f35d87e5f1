"""Divides the squares by one less than the number of channels."""

# loses: channel_norm

import numpy as np


def channel_norm(Z, gain=None, bias=None, eps=1e-3):
    centred = Z - Z.mean(axis=-1, keepdims=True)
    hat = centred / np.sqrt(
        (centred**2).sum(axis=-1, keepdims=True) / (Z.shape[-1] - 1) + eps
    )
    if gain is not None:
        hat = hat * gain
    return hat if bias is None else hat + bias
