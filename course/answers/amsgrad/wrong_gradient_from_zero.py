"""Counts steps from 0: the period is shifted."""

# loses: counterexample_gradient

import numpy as np


def counterexample_gradient(t, spike, rest, period):
    return np.where(np.asarray(t) % period == 0, float(spike), float(rest))
