"""Pushes before it pops."""

# loses: stack_step

import numpy as np


def stack_step(V, s, v, d, u):
    s = np.concatenate([s, d[:, None]], axis=1)
    newer = np.cumsum(s[:, ::-1], axis=1)[:, ::-1] - s
    s = np.maximum(0.0, s - np.maximum(0.0, u[:, None] - newer))
    V = np.concatenate([V, v[:, None]], axis=1)
    newer = np.cumsum(s[:, ::-1], axis=1)[:, ::-1] - s
    w = np.minimum(s, np.maximum(0.0, 1.0 - newer))
    return V, s, np.einsum("bc,bcw->bw", w, V)
