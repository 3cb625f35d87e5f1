"""Returns a row: one axis more than was asked for."""

# loses: shift

import numpy as np


def shift(w, s):
    reach = len(s) // 2
    moved = [share * np.roll(w, o - reach) for o, share in enumerate(s)]
    return np.sum(moved, axis=0, keepdims=True)
