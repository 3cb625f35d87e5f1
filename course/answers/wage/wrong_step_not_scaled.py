"""Uses gradients as they are, without dividing by their size."""

# loses: gradient_step

import numpy as np


def gradient_step(g, eta, k, u):
    scaled = eta * g
    return 2.0 ** (1 - k) * np.sign(scaled) * (u < np.abs(scaled))
