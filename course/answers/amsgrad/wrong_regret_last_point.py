"""Judges the last point instead of the points played."""

# loses: regret

import numpy as np


def regret(xs, grads, radius):
    total = grads.sum(axis=0)
    return float(xs[-1] @ total + radius * np.linalg.norm(total))
