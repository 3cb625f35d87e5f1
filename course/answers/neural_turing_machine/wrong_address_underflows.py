"""Takes the power as it is written: for a large gamma all weights underflow to 0/0."""

# loses: address

import numpy as np


def address(content, previous, g, s, gamma, on=True):
    if not on:
        return previous.copy()
    gated = g * content + (1 - g) * previous
    moved = s[0] * np.roll(gated, -1) + s[1] * gated + s[2] * np.roll(gated, 1)
    powers = moved**gamma
    return powers / powers.sum()
