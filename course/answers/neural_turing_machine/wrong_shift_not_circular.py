"""Loses what moves over the edge."""

# loses: shift

import numpy as np


def shift(w, s):
    reach = len(s) // 2
    return np.convolve(w, s)[reach : reach + len(w)]
