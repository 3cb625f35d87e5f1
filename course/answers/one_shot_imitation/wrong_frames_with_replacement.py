"""Draws frames with replacement, so that some come twice."""

# loses: dropped_frames

import numpy as np


def dropped_frames(ends, p, rng):
    kept, start = [], 0
    for end in ends:
        count = rng.binomial(end - start, 1 - p)
        some = np.sort(rng.integers(start, end, count))
        if len(some) == 0:
            some = np.array([rng.integers(start, end)])
        kept.append(some)
        start = end
    return np.concatenate(kept)
