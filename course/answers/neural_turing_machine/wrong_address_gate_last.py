"""Applies the gate after the shift: the last weighting is not moved."""

# loses: address

import numpy as np


def address(content, previous, g, s, gamma, on=True):
    if not on:
        return previous.copy()
    moved = s[0] * np.roll(content, -1) + s[1] * content + s[2] * np.roll(content, 1)
    gated = g * moved + (1 - g) * previous
    return gated**gamma / np.sum(gated**gamma)
