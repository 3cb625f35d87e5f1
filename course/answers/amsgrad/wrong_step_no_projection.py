"""Forgets the projection."""

# loses: adaptive_step

import numpy as np


def adaptive_step(x, g, state, alpha_t, phi, psi, low, high):
    m, v = phi(state[0], g), psi(state[1], g)
    scale = np.divide(1.0, np.sqrt(v), out=np.zeros(np.shape(v)), where=v > 0)
    return x - alpha_t * scale * m, (m, v)
