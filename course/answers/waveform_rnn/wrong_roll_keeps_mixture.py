"""Takes the mixed value instead of p as the output."""

# loses: roll

import numpy as np


def roll(params, x, W, s, alphas):
    window = x[:, :W]
    h = np.zeros((len(x), len(params["b"])))
    kept = []
    for t, alpha in enumerate(alphas):
        h = np.tanh(window @ params["W_x"] + h @ params["W_h"] + params["b"])
        p = h @ params["W_o"] + params["b_o"]
        new = p
        if alpha > 0:
            new = alpha * x[:, W + t * s : W + (t + 1) * s] + (1 - alpha) * p
        kept.append(new)
        window = np.concatenate([window, new], axis=1)[:, s:]
    return np.concatenate(kept, axis=1)
