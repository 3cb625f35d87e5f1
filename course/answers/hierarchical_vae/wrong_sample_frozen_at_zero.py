"""Freezes a layer at zero, the mean of nothing that is above."""

# loses: sample_frozen

import numpy as np


def sample_frozen(prior_fns, top, vary, eps):
    m, t = top
    for layer in range(len(eps), 0, -1):
        if layer < len(eps):
            m, t = prior_fns[layer - 1](above)
        noise = eps[layer - 1]
        above = m + t * noise if layer in vary else np.zeros_like(noise)
    return above
