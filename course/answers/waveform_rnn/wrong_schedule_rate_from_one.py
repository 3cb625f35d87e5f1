"""Lets the rate fall as soon as alpha is below 1."""

# loses: schedule

import numpy as np


def schedule(epoch, start, stop, floor, hold, rate, kappa):
    held = epoch // hold * hold
    alpha = min(1.0, max(floor, 1 - (held - start) / (stop - start)))
    return alpha, rate * float(np.exp(-kappa * (1 - alpha)))
