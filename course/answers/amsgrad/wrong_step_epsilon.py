"""Adds a small constant to the denominator: wrong for tiny gradients."""

# loses: adaptive_step

import numpy as np


def adaptive_step(x, g, state, alpha_t, phi, psi, low, high):
    m, v = phi(state[0], g), psi(state[1], g)
    return np.clip(x - alpha_t * m / (np.sqrt(v) + 1e-8), low, high), (m, v)
