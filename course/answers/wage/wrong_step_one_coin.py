"""Uses the first draw for all entries."""

# loses: gradient_step

import numpy as np


def gradient_step(g, eta, k, u):
    largest = np.max(np.abs(g))
    if largest == 0:
        return np.zeros(np.shape(g))
    scaled = eta * g / 2.0 ** np.round(np.log2(largest))
    return 2.0 ** (1 - k) * np.sign(scaled) * (np.ravel(u)[0] < np.abs(scaled))
