"""Puts a frame back in every stage, lost or not."""

# loses: dropped_frames

import numpy as np


def dropped_frames(ends, p, rng):
    kept, start = [], 0
    for end in ends:
        some = start + np.flatnonzero(rng.random(end - start) >= p)
        some = np.union1d(some, [rng.integers(start, end)])
        kept.append(some)
        start = end
    return np.concatenate(kept)
