"""Solves for variance 1 of the outputs instead of nu."""

# loses: solve_selu

import numpy as np
from scipy import special


def solve_selu(nu_target):
    s = np.sqrt(nu_target)
    e1, e2 = special.erfcx(s / np.sqrt(2)), special.erfcx(np.sqrt(2) * s)
    alpha = np.sqrt(2 / np.pi) * s / (1 - e1)
    return alpha, np.sqrt(2 / (nu_target + alpha**2 * (e2 - 2 * e1 + 1)))
