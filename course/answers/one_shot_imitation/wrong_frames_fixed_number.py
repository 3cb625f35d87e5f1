"""Keeps a fixed number of frames."""

# loses: dropped_frames

import numpy as np


def dropped_frames(ends, p, rng):
    kept, start = [], 0
    for end in ends:
        count = round((1 - p) * (end - start))
        some = np.sort(start + rng.permutation(end - start)[:count])
        if len(some) == 0:
            some = np.array([rng.integers(start, end)])
        kept.append(some)
        start = end
    return np.concatenate(kept)
