"""Lets the rate be above its start while alpha is above 0.75."""

# loses: schedule

import numpy as np


def schedule(epoch, start, stop, floor, hold, rate, kappa):
    held = epoch // hold * hold
    alpha = min(1.0, max(floor, 1 - (held - start) / (stop - start)))
    return alpha, rate * float(np.exp(-kappa * (0.75 - alpha)))
