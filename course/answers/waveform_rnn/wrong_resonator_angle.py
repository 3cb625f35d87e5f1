"""Takes pi F / fs for the angle of the pole."""

# loses: resonator

import numpy as np


def resonator(F, b, fs, f1):
    radius = np.exp(-np.pi * b / fs)
    B = 2 * radius * np.cos(np.pi * F / fs)
    C = -(radius**2)
    z = np.exp(-2j * np.pi * f1 / fs)
    return float(abs(1 - B * z - C * z**2)), float(B), float(C)
