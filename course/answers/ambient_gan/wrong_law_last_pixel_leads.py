"""Numbers images with the last pixel as the leading digit."""

# loses: recover_law

import numpy as np


def recover_law(measured, p, levels):
    inverse = np.ones((1, 1))
    for chance in p:
        channel = (1 - chance) * np.eye(levels) + chance / levels
        if chance == 1:
            raise np.linalg.LinAlgError("singular")
        inverse = np.kron(np.linalg.inv(channel), inverse)
    return inverse @ measured
