"""Applies the bias only where there is a gain."""

# loses: channel_norm

import numpy as np


def channel_norm(Z, gain=None, bias=None, eps=1e-3):
    hat = (Z - Z.mean(-1, keepdims=True)) / np.sqrt(Z.var(-1, keepdims=True) + eps)
    if gain is None:
        return hat
    return hat * gain if bias is None else hat * gain + bias
