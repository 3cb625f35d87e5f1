"""Leaves eps out, so that equal channels are divided by 0."""

# loses: channel_norm

import numpy as np


def channel_norm(Z, gain=None, bias=None, eps=1e-3):
    centred = Z - Z.mean(axis=-1, keepdims=True)
    hat = centred / np.maximum(
        np.sqrt((centred**2).mean(axis=-1, keepdims=True)), 1e-30
    )
    if gain is not None:
        hat = hat * gain
    return hat if bias is None else hat + bias
