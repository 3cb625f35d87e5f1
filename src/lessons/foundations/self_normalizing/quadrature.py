"""The moments by numerical integration: the route that shares nothing with `theory`."""

import math

import numpy as np
from scipy import integrate

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
