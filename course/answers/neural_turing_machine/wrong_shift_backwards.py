"""Moves weight from slot n to slot n - 1 for the offset +1."""

# loses: shift

import numpy as np


def shift(w, s):
    reach = len(s) // 2
    moved = [share * np.roll(w, reach - o) for o, share in enumerate(s)]
    return np.sum(moved, axis=0)
