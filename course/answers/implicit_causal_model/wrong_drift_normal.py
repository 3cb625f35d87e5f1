"""Draws normal numbers of the right mean and variance and clips them."""

# loses: drifted_frequencies

import numpy as np


def drifted_frequencies(p, fst, rng):
    spread = np.sqrt(fst[None, :] * p[:, None] * (1 - p[:, None]))
    return np.clip(p[:, None] + spread * rng.normal(size=spread.shape), 0, 1)
