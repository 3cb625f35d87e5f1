"""Draws from a generator of its own."""

# loses: dropped_frames

import numpy as np


def dropped_frames(ends, p, rng):
    kept, start, rng = [], 0, np.random.default_rng()
    for end in ends:
        some = start + np.flatnonzero(rng.random(end - start) >= p)
        if len(some) == 0:
            some = np.array([rng.integers(start, end)])
        kept.append(some)
        start = end
    return np.concatenate(kept)
