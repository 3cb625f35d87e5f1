"""Normalises over the axes of the batch too."""

# loses: channel_norm

import numpy as np


def channel_norm(Z, gain=None, bias=None, eps=1e-3):
    axes = (*range(Z.ndim - 2), -1)
    hat = (Z - Z.mean(axes, keepdims=True)) / np.sqrt(Z.var(axes, keepdims=True) + eps)
    hat = hat if gain is None else hat * gain
    return hat if bias is None else hat + bias
