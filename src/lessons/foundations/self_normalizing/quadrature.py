"""Routes that share nothing with `theory`: integration, and equations as they stand."""

import math

import numpy as np
from scipy import integrate, special

from lessons.foundations.self_normalizing.theory import ALPHA, LAMBDA

_REACH = 12.0  # standard deviations; what lies beyond is below 1e-30


def selu_moment(power, mean, deviation):
    """E selu(z)^power for normal z, by adaptive quadrature on both sides of the kink.

    Args:
        power: 1 or 2.
        mean, deviation: of z, numbers.

    Returns:
        A float.
    """

    def integrand(z):
        x = mean + deviation * z
        value = LAMBDA * (x if x > 0 else ALPHA * math.expm1(x))
        return value**power * math.exp(-0.5 * z * z)

    kink = float(np.clip(-mean / deviation, -_REACH, _REACH))
    sides = ((-_REACH, kink), (kink, _REACH))
    parts = [
        integrate.quad(integrand, *side, epsabs=1e-12, limit=200) for side in sides
    ]
    return sum(area for area, _ in parts) / math.sqrt(2.0 * math.pi)


def norm_j_typed(mu, omega, nu, tau):
    r"""The largest singular value of J, from the paper's equations as they stand.

    They hold where $s^2 = \nu\tau$ is moderate; beyond 350 they overflow. The singular
    value comes from LAPACK.

    Args:
        mu, omega, nu, tau: arrays of one shape, as for `theory.moment_map`.

    Returns:
        Array of the same shape.
    """
    m, variance = mu * omega, nu * tau
    s = np.sqrt(variance)

    def e(k):
        tail = special.erfc((m + k * variance) / (math.sqrt(2) * s))
        return np.exp(k * m + k**2 * variance / 2) * tail

    density = np.exp(-(m**2) / (2 * variance))
    j11 = omega * LAMBDA / 2 * (ALPHA * e(1) - e(0) + 2)
    j12 = LAMBDA / 4 * ALPHA * e(1)
    j12 = tau * (
        j12 - LAMBDA / 4 * (ALPHA - 1) * np.sqrt(2 / (np.pi * variance)) * density
    )
    j21 = ALPHA**2 * (e(2) - e(1)) + m * (2 - e(0)) + np.sqrt(2 / np.pi) * s * density
    j22 = ALPHA**2 * (2 * e(2) - e(1)) - e(0) + 2
    matrices = [[j11, j12], [omega * LAMBDA**2 * j21, tau * LAMBDA**2 / 2 * j22]]
    matrices = np.moveaxis(np.array(matrices), (0, 1), (-2, -1))
    return np.linalg.svd(matrices, compute_uv=False)[..., 0]
