"""Mixes with the alpha of the step that follows."""

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
        alpha = alphas[min(t + 1, len(alphas) - 1)]
        if alpha > 0:
            new = alpha * x[:, W + t * s : W + (t + 1) * s] + (1 - alpha) * p
        window = np.concatenate([window, new], axis=1)[:, s:]
    return np.concatenate(kept, axis=1)
