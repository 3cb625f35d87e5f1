"""Adds the bias before it multiplies by the gain."""

# loses: channel_norm

import numpy as np


def channel_norm(Z, gain=None, bias=None, eps=1e-3):
    hat = (Z - Z.mean(-1, keepdims=True)) / np.sqrt(Z.var(-1, keepdims=True) + eps)
    hat = hat if bias is None else hat + bias
    return hat if gain is None else hat * gain
