"""Keeps frames at a fixed distance."""

# loses: dropped_frames

import numpy as np


def dropped_frames(ends, p, rng):
    kept, start = [], 0
    for end in ends:
        every = max(round(1 / max(1 - p, 1e-3)), 1)
        some = np.arange(start, end, every)
        if len(some) == 0:
            some = np.array([rng.integers(start, end)])
        kept.append(some)
        start = end
    return np.concatenate(kept)
