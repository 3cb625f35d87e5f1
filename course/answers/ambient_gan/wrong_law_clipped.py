"""Clips and normalises what comes out."""

# loses: recover_law

import numpy as np


def recover_law(measured, p, levels):
    inverse = np.ones((1, 1))
    for chance in p:
        channel = (1 - chance) * np.eye(levels) + chance / levels
        if chance == 1:
            raise np.linalg.LinAlgError("singular")
        inverse = np.kron(inverse, np.linalg.inv(channel))
    law = np.maximum(inverse @ measured, 0)
    return law / law.sum()
