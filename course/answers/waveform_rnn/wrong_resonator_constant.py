"""Makes the response to a constant 1: the lesson's gain."""

# loses: resonator

import numpy as np


def resonator(F, b, fs, f1):
    radius = np.exp(-np.pi * b / fs)
    B = 2 * radius * np.cos(2 * np.pi * F / fs)
    C = -(radius**2)
    z = 1.0
    return float(abs(1 - B * z - C * z**2)), float(B), float(C)
