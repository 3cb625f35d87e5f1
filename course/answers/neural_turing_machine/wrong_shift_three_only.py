"""Knows three offsets only, as the lesson's laptop machine does."""

# loses: shift

import numpy as np


def shift(w, s):
    middle = len(s) // 2
    below, above = s[max(middle - 1, 0)], s[min(middle + 1, len(s) - 1)]
    return below * np.roll(w, -1) + s[middle] * w + above * np.roll(w, 1)
