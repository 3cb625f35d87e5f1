"""Draws from a generator of its own, which always begins alike."""

# loses: drifted_frequencies

import numpy as np


def drifted_frequencies(p, fst, rng):
    size = ((1 - fst) / fst)[None, :]
    own = np.random.default_rng(0)
    return own.beta(p[:, None] * size, (1 - p[:, None]) * size)
