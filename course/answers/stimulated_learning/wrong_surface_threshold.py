"""Takes a small sum for no activation."""

# loses: activation_surface

import numpy as np


def activation_surface(h, W_out):
    xi = np.linalg.norm(W_out - W_out.mean(axis=1, keepdims=True), axis=1)
    values = h * xi
    total = values.sum(axis=1, keepdims=True)
    none = np.isclose(total, 0)
    return np.where(none, 1 / h.shape[1], values / np.where(none, 1, total))
