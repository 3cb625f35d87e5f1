"""Multiplies the noise by the variance."""

# loses: sample_frozen

import numpy as np


def sample_frozen(prior_fns, top, vary, eps):
    m, t = top
    for layer in range(len(eps), 0, -1):
        if layer < len(eps):
            m, t = prior_fns[layer - 1](above)
        above = m + np.square(t) * eps[layer - 1] * (layer in vary)
    return above
