"""Takes the gate for the share of the last weighting."""

# loses: address

import numpy as np


def address(content, previous, g, s, gamma, on=True):
    if not on:
        return previous.copy()
    gated = (1 - g) * content + g * previous
    moved = s[0] * np.roll(gated, -1) + s[1] * gated + s[2] * np.roll(gated, 1)
    return moved**gamma / np.sum(moved**gamma)
