"""Puts back the first frame of a lost stage."""

# loses: dropped_frames

import numpy as np


def dropped_frames(ends, p, rng):
    kept, start = [], 0
    for end in ends:
        some = start + np.flatnonzero(rng.random(end - start) >= p)
        if len(some) == 0:
            some = np.array([start])
        kept.append(some)
        start = end
    return np.concatenate(kept)
