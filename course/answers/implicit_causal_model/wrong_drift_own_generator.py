"""Draws from a generator of its own."""

# loses: drifted_frequencies

import numpy as np


def drifted_frequencies(p, fst, rng):
    size = ((1 - fst) / fst)[None, :]
    return np.random.beta(p[:, None] * size, (1 - p[:, None]) * size)
