"""Lets the rate follow the line below the floor."""

# loses: schedule

import numpy as np


def schedule(epoch, start, stop, floor, hold, rate, kappa):
    held = epoch // hold * hold
    alpha = min(1.0, max(floor, 1 - (held - start) / (stop - start)))
    return alpha, rate * float(
        np.exp(-kappa * max(0.0, 0.75 - max(0.0, 1 - (held - start) / (stop - start))))
    )
