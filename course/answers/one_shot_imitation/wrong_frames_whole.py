"""Looks only whether the whole demonstration is lost."""

# loses: dropped_frames

import numpy as np


def dropped_frames(ends, p, rng):
    kept, start = [], 0
    for end in ends:
        some = start + np.flatnonzero(rng.random(end - start) >= p)
        kept.append(some)
        start = end
    kept = np.concatenate(kept)
    return kept if len(kept) else rng.integers(ends[-1], size=1)
