"""Takes the mean F for all populations."""

# loses: drifted_frequencies

import numpy as np


def drifted_frequencies(p, fst, rng):
    size = np.mean((1 - fst) / fst)
    shape = (len(p), len(fst))
    return rng.beta(p[:, None] * size, (1 - p[:, None]) * size, shape)
