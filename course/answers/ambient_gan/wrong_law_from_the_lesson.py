"""Takes the lesson's channel, in which a hit pixel shows 0."""

# loses: recover_law

import numpy as np


def recover_law(measured, p, levels):
    inverse = np.ones((1, 1))
    for chance in p:
        channel = (1 - chance) * np.eye(levels)
        channel[0] += chance
        inverse = np.kron(inverse, np.linalg.inv(channel))
    return inverse @ measured
