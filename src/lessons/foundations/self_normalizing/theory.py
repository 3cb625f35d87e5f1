r"""The moment map of SELU, its Jacobian and its fixed points.

A layer of width $n$ computes $y = selu(z)$, $z = w^T x$. If its inputs have mean $\mu$
and variance $\nu$, then by the central limit theorem $z$ is close to
$N(m, s^2)$ with $m = \mu\omega$, $s^2 = \nu\tau$, where $\omega = \sum_i w_i$ and
$\tau = \sum_i w_i^2$. Everything below is a function of $(m, s^2)$, in float64; arrays
broadcast. Equation numbers are those of arXiv:1706.02515.
"""

import functools
import math
from typing import NamedTuple

import numpy as np
import tensorflow as tf
import tensorflow_probability as tfp
from keras import ops

SQRT_TWO = math.sqrt(2.0)
SQRT_TWO_OVER_PI = math.sqrt(2.0 / math.pi)

_TAIL = math.erfc(1.0 / SQRT_TWO) * math.sqrt(math.e)
# Eq. 14: the fixed point of the moments is (0, 1) for omega = 0 and tau = 1.
ALPHA = -SQRT_TWO_OVER_PI / (_TAIL - 1.0)
LAMBDA = (
    (1.0 - _TAIL)
    * math.sqrt(2.0 * math.pi)
    / math.sqrt(
        2.0 * math.erfc(SQRT_TWO) * math.e**2
        + math.pi * _TAIL**2
        - 2.0 * (2.0 + math.pi) * _TAIL
        + math.pi
        + 2.0
    )
)


def selu(x, scale=LAMBDA, alpha=ALPHA):
    r"""$selu(x) = \lambda x$ for $x > 0$, $\lambda\alpha(e^x - 1)$ otherwise (eq. 2).

    The exponential is taken of $\min(x, 0)$ only: in the branch that is not used it
    would overflow for large $x$ and make the gradient NaN.

    Args:
        x: any shape and floating dtype.
        scale: $\lambda$.
        alpha: $\alpha$.
    """
    x = ops.convert_to_tensor(x)
    return scale * ops.where(x > 0, x, alpha * ops.expm1(ops.minimum(x, 0)))


class Moments(NamedTuple):
    """What a layer makes of the moments of its inputs."""

    mean: object  # mu~
    variance: object  # nu~ = second - mean^2
    second: object  # xi~ = E y^2


class GaussianTails(NamedTuple):
    """The tails of $N(m, s^2)$ that all closed forms are made of."""

    m: object
    variance: object
    deviation: object
    density: object  # G = exp(-m^2 / 2 s^2)
    below: object  # erfc(m / sqrt2 s), twice the probability of z < 0
    first: object  # e1 = exp(m + s^2/2) erfc((m + s^2) / sqrt2 s)
    second: object  # e2 = exp(2m + 2 s^2) erfc((m + 2 s^2) / sqrt2 s)


def _double(*values):
    return [ops.convert_to_tensor(value, dtype="float64") for value in values]


def gaussian_tails(mu, omega, nu, tau):
    """What the closed forms are made of, in a form that does not overflow.

    Args:
        mu, omega, nu, tau: as for `moment_map`.

    Returns:
        `GaussianTails`, float64, of the broadcast shape.
    """
    mu, omega, nu, tau = _double(mu, omega, nu, tau)
    m, variance = mu * omega, nu * tau
    deviation = ops.sqrt(variance)
    ratio = m / (SQRT_TWO * deviation)
    density = ops.exp(-ops.square(ratio))

    def tail(order):
        # exp(k m + k^2 s^2/2) erfc(x) = G erfcx(x): on the right of 0 the first form
        # overflows for large variances, on the left the second does.
        x = (m + order * variance) / (SQRT_TWO * deviation)
        exponent = ops.minimum(order * m + 0.5 * order**2 * variance, 0.0)
        left = ops.exp(exponent) * ops.erfc(ops.minimum(x, 0.0))
        right = density * tfp.math.erfcx(ops.maximum(x, 0.0))
        return ops.where(x < 0, left, right)

    return GaussianTails(
        m, variance, deviation, density, ops.erfc(ratio), tail(1), tail(2)
    )


def moments_of(z, scale, alpha):
    r"""Eq. 4 and 5 for given tails.

    Args:
        z: `GaussianTails`.
        scale, alpha: $\lambda$ and $\alpha$ of the activation.

    Returns:
        `Moments` of the same shape.
    """
    half_line = SQRT_TWO_OVER_PI * z.deviation * z.density
    mean = (scale / 2.0) * (
        alpha * (z.first - z.below) + z.m * (2.0 - z.below) + half_line
    )
    second = (scale**2 / 2.0) * (
        (z.m**2 + z.variance) * (2.0 - z.below)
        + alpha**2 * (z.second - 2.0 * z.first + z.below)
        + z.m * half_line
    )
    return Moments(mean, second - mean**2, second)


def moment_map(mu, omega, nu, tau, scale=LAMBDA, alpha=ALPHA):
    r"""Mean and variance of a SELU unit's output (eq. 4 and 5): the map $g$.

    $$\tilde\mu = \tfrac\lambda2\big[-(\alpha + m)\,erfc(\tfrac{m}{\sqrt2 s})
      + \alpha e_1 + \sqrt{\tfrac2\pi}\, s\, G + 2m\big]$$
    $$\tilde\xi = \tfrac{\lambda^2}2\big[(m^2 + s^2)(2 - erfc(\tfrac{m}{\sqrt2 s}))
      + \alpha^2(e_2 - 2 e_1 + erfc(\tfrac{m}{\sqrt2 s}))
      + \sqrt{\tfrac2\pi}\, m s\, G\big], \qquad \tilde\nu = \tilde\xi - \tilde\mu^2$$

    Args:
        mu, nu: mean and variance of the inputs.
        omega, tau: sum of the weights, and of their squares.
        scale, alpha: $\lambda$ and $\alpha$ of the activation.

    Returns:
        `Moments`, float64, of the broadcast shape.
    """
    return moments_of(gaussian_tails(mu, omega, nu, tau), scale, alpha)


def jacobians(mu, omega, nu, tau, scale=LAMBDA, alpha=ALPHA):
    r"""Derivatives of the map with respect to $(\mu, \nu)$.

    $J$ is that of $(\tilde\mu, \tilde\xi)$ and $H$ that of $g = (\tilde\mu,
    \tilde\nu)$: $H_{1k} = J_{1k}$, $H_{2k} = J_{2k} - 2\tilde\mu J_{1k}$.

    Args:
        mu, omega, nu, tau, scale, alpha: as for `moment_map`.

    Returns:
        (J, H), each a tuple of four entries (11, 12, 21, 22) of the broadcast shape.
    """
    z = gaussian_tails(mu, omega, nu, tau)
    omega, tau = _double(omega, tau)
    mean = moments_of(z, scale, alpha).mean
    half_line = SQRT_TWO_OVER_PI * z.density
    j11 = omega * (scale / 2.0) * (alpha * z.first - z.below + 2.0)
    j12 = (
        tau
        * (scale / 4.0)
        * (alpha * z.first - (alpha - 1.0) * half_line / z.deviation)
    )
    j21 = (
        omega
        * scale**2
        * (
            alpha**2 * (z.second - z.first)
            + z.m * (2.0 - z.below)
            + half_line * z.deviation
        )
    )
    j22 = (
        tau * (scale**2 / 2.0) * (alpha**2 * (2.0 * z.second - z.first) - z.below + 2.0)
    )
    h21, h22 = j21 - 2.0 * mean * j11, j22 - 2.0 * mean * j12
    return (j11, j12, j21, j22), (j11, j12, h21, h22)


def largest_singular_value(matrix):
    r"""Spectral norm of $2 \times 2$ matrices without an iteration.

    $$\tfrac12\Big(\sqrt{(a+d)^2 + (c-b)^2} + \sqrt{(a-d)^2 + (b+c)^2}\Big)$$

    Args:
        matrix: the four entries (a, b, c, d) in reading order, arrays of one shape.
    """
    a, b, c, d = matrix
    plus = ops.sqrt(ops.square(a + d) + ops.square(c - b))
    minus = ops.sqrt(ops.square(a - d) + ops.square(b + c))
    return 0.5 * (plus + minus)


@functools.cache
def _map_as_one_graph():
    """`moment_map` for one call of TensorFlow instead of some two hundred."""
    return tf.function(moment_map, reduce_retracing=True)


def orbit(mu, nu, num_layers, omega=0.0, tau=1.0):
    """Moments after 0, 1, ... `num_layers` layers with the same omega and tau.

    Args:
        mu, nu: the moments of the inputs, arrays of one shape.
        num_layers: how often the map is applied.
        omega, tau: of every layer.

    Returns:
        (means, variances), NumPy arrays of shape (num_layers + 1, ...).
    """
    step, (omega, tau) = _map_as_one_graph(), _double(omega, tau)
    means, variances = [np.asarray(mu, float)], [np.asarray(nu, float)]
    for _ in range(num_layers):
        moments = step(*_double(means[-1]), omega, *_double(variances[-1]), tau)
        means.append(np.asarray(moments.mean))
        variances.append(np.asarray(moments.variance))
    return np.array(means), np.array(variances)


def fixed_point(omega, tau, *, tolerance=1e-14, most=50):
    r"""The point $(\mu, \nu)$ with $g(\mu, \nu) = (\mu, \nu)$, by Newton's method.

    Args:
        omega, tau: numbers.
        tolerance: largest change of the last step.
        most: steps allowed.

    Returns:
        (mu, nu), floats.

    Raises:
        ArithmeticError: the steps do not settle, or leave positive variances.
    """
    point = np.array([0.0, 1.0])
    for _ in range(most):
        moments = moment_map(point[0], omega, point[1], tau)
        gap = np.array([float(moments.mean), float(moments.variance)]) - point
        _, h = jacobians(point[0], omega, point[1], tau)
        slope = np.array(h, float).reshape(2, 2) - np.eye(2)
        step = -np.linalg.solve(slope, gap)
        point = point + step
        if not point[1] > 0:
            break
        if np.max(np.abs(step)) < tolerance:
            return float(point[0]), float(point[1])
    raise ArithmeticError(f"no fixed point found for omega={omega}, tau={tau}.")
