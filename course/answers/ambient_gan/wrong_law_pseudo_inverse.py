"""Takes the pseudo-inverse and never notices that nothing was seen."""

# loses: recover_law

import numpy as np


def recover_law(measured, p, levels):
    channel = np.ones((1, 1))
    for chance in p:
        channel = np.kron(channel, (1 - chance) * np.eye(levels) + chance / levels)
    return np.linalg.pinv(channel) @ measured
