"""Returns truth values, not indices."""

# loses: dropped_frames

import numpy as np


def dropped_frames(ends, p, rng):
    kept, start = [], 0
    for end in ends:
        some = start + np.flatnonzero(rng.random(end - start) >= p)
        if len(some) == 0:
            some = np.array([rng.integers(start, end)])
        kept.append(some)
        start = end
    mask = np.zeros(ends[-1], bool)
    mask[np.concatenate(kept)] = True
    return mask
