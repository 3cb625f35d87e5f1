"""Takes a line that ends at the floor instead of at 0."""

# loses: schedule

import numpy as np


def schedule(epoch, start, stop, floor, hold, rate, kappa):
    held = epoch // hold * hold
    alpha = min(1.0, max(floor, 1 - (1 - floor) * (held - start) / (stop - start)))
    return alpha, rate * float(np.exp(-kappa * max(0.0, 0.75 - alpha)))
