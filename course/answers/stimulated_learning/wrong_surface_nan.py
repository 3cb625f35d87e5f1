"""Divides 0 by 0 for an example without activation."""

# loses: activation_surface

import numpy as np


def activation_surface(h, W_out):
    xi = np.linalg.norm(W_out - W_out.mean(axis=1, keepdims=True), axis=1)
    values = h * xi
    total = values.sum(axis=1, keepdims=True)
    return values / total
