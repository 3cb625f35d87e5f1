"""Takes C = -r instead of -r squared."""

# loses: resonator

import numpy as np


def resonator(F, b, fs, f1):
    radius = np.exp(-np.pi * b / fs)
    B = 2 * radius * np.cos(2 * np.pi * F / fs)
    C = -radius
    z = np.exp(-2j * np.pi * f1 / fs)
    return float(abs(1 - B * z - C * z**2)), float(B), float(C)
