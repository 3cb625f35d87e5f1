"""Divides 0 by 0 where there has been no gradient."""

# loses: adaptive_step

import numpy as np


def adaptive_step(x, g, state, alpha_t, phi, psi, low, high):
    m, v = phi(state[0], g), psi(state[1], g)
    return np.clip(x - alpha_t * m / np.sqrt(v), low, high), (m, v)
