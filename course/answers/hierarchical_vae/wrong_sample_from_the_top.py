"""Counts the layers from the top."""

# loses: sample_frozen

import numpy as np


def sample_frozen(prior_fns, top, vary, eps):
    m, t = top
    for layer in range(len(eps), 0, -1):
        if layer < len(eps):
            m, t = prior_fns[layer - 1](above)
        draws = len(eps) + 1 - layer in vary
        above = m + t * np.asarray(eps[layer - 1]) * draws
    return above
