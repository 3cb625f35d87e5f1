"""Throws one coin for the whole stage."""

# loses: dropped_frames

import numpy as np


def dropped_frames(ends, p, rng):
    kept, start = [], 0
    for end in ends:
        some = start + np.flatnonzero(np.full(end - start, rng.random() >= p))
        if len(some) == 0:
            some = np.array([rng.integers(start, end)])
        kept.append(some)
        start = end
    return np.concatenate(kept)
