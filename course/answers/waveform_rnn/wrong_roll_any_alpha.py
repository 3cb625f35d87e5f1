"""Leaves the truth unread only if all alphas are 0."""

# loses: roll

import numpy as np


def roll(params, x, W, s, alphas):
    window = x[:, :W]
    h = np.zeros((len(x), len(params["b"])))
    kept = []
    for t, alpha in enumerate(alphas):
        h = np.tanh(window @ params["W_x"] + h @ params["W_h"] + params["b"])
        p = h @ params["W_o"] + params["b_o"]
        kept.append(p)
        new = p
        if np.any(np.asarray(alphas) > 0):
            new = alpha * x[:, W + t * s : W + (t + 1) * s] + (1 - alpha) * p
        window = np.concatenate([window, new], axis=1)[:, s:]
    return np.concatenate(kept, axis=1)
