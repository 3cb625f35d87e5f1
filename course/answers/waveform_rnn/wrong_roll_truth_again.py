"""Takes every window from the truth: ignores what was predicted."""

# loses: roll

import numpy as np


def roll(params, x, W, s, alphas):
    window = x[:, :W]
    h = np.zeros((len(x), len(params["b"])))
    kept = []
    for t in range(len(alphas)):
        h = np.tanh(window @ params["W_x"] + h @ params["W_h"] + params["b"])
        p = h @ params["W_o"] + params["b_o"]
        kept.append(p)
        window = x[:, (t + 1) * s : (t + 1) * s + W]
    return np.concatenate(kept, axis=1)
