"""Counts the multiples of hold from start instead of from epoch 0."""

# loses: schedule

import numpy as np


def schedule(epoch, start, stop, floor, hold, rate, kappa):
    held = start + (epoch - start) // hold * hold
    alpha = min(1.0, max(floor, 1 - (held - start) / (stop - start)))
    return alpha, rate * float(np.exp(-kappa * max(0.0, 0.75 - alpha)))
