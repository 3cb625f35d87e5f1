"""Pops after it has pushed."""

# loses: deque_step

import numpy as np


def deque_step(V, s, v_top, v_bot, d_top, d_bot, u_top, u_bot):
    def above(s):
        return np.cumsum(s[:, ::-1], axis=1)[:, ::-1] - s

    def below(s):
        return np.cumsum(s, axis=1) - s

    s = np.concatenate([d_bot[:, None], s, d_top[:, None]], axis=1)
    s = np.maximum(0.0, s - np.maximum(0.0, u_top[:, None] - above(s)))
    s = np.maximum(0.0, s - np.maximum(0.0, u_bot[:, None] - below(s)))
    V = np.concatenate([v_bot[:, None], V, v_top[:, None]], axis=1)
    reads = [
        np.einsum("bc,bcw->bw", np.minimum(s, np.maximum(0.0, 1.0 - nearer)), V)
        for nearer in (above(s), below(s))
    ]
    return V, s, *reads
