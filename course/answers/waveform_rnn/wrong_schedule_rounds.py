"""Takes the nearest multiple of hold instead of the last one."""

# loses: schedule

import numpy as np


def schedule(epoch, start, stop, floor, hold, rate, kappa):
    held = round(epoch / hold) * hold
    alpha = min(1.0, max(floor, 1 - (held - start) / (stop - start)))
    return alpha, rate * float(np.exp(-kappa * max(0.0, 0.75 - alpha)))
