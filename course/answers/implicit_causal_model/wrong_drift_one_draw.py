"""Draws once for each SNP and stretches that draw to each population."""

# loses: drifted_frequencies

import numpy as np


def drifted_frequencies(p, fst, rng):
    spread = np.sqrt(fst[None, :] * p[:, None] * (1 - p[:, None]))
    size = 9.0
    one = rng.beta(p * size, (1 - p) * size)
    scaled = (one - p) / np.sqrt(p * (1 - p) / 10)
    return np.clip(p[:, None] + spread * scaled[:, None], 0, 1)
