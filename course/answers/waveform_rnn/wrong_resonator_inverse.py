"""Takes the gain itself for the factor that makes it 1."""

# loses: resonator

import numpy as np


def resonator(F, b, fs, f1):
    radius = np.exp(-np.pi * b / fs)
    B = 2 * radius * np.cos(2 * np.pi * F / fs)
    C = -(radius**2)
    z = np.exp(-2j * np.pi * f1 / fs)
    return float(1 / abs(1 - B * z - C * z**2)), float(B), float(C)
