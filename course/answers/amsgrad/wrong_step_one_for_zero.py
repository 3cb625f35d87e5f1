"""Takes 1 for v = 0, so that a coordinate moves with what is left of m."""

# loses: adaptive_step

import numpy as np


def adaptive_step(x, g, state, alpha_t, phi, psi, low, high):
    m, v = phi(state[0], g), psi(state[1], g)
    step = alpha_t * m / np.sqrt(np.where(v > 0, v, 1.0))
    return np.clip(x - step, low, high), (m, v)
