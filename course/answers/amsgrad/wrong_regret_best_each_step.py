"""Lets the comparator move: it takes the best point of every step."""

# loses: regret

import numpy as np


def regret(xs, grads, radius):
    return float(np.sum(xs * grads) + radius * np.linalg.norm(grads, axis=1).sum())
