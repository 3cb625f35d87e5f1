r"""Around the fixed point: alpha dropout, gradients, network sizes, and a critique."""

import math

import numpy as np
from scipy import special

from lessons.foundations.self_normalizing.theory import ALPHA, LAMBDA
from lessons.toolkit.errors import UserError

# What SELU tends to for very negative inputs; alpha dropout sets units to it.
ALPHA_PRIME = float(-LAMBDA * ALPHA)


def dropout_affine(rate, mean=0.0, variance=1.0, dropped=ALPHA_PRIME):
    r"""The affine map after alpha dropout that restores mean and variance.

    With keep probability $q$ and $d \sim Bernoulli(q)$, the value
    $x d + \alpha'(1 - d)$ has mean $q\mu + (1-q)\alpha'$ and variance
    $q((1-q)(\alpha' - \mu)^2 + \nu)$. Hence
    $$a = \sqrt{\frac{\nu}{q((1-q)(\alpha'-\mu)^2 + \nu)}}, \qquad
      b = \mu - a(q\mu + (1-q)\alpha').$$

    Args:
        rate: $1 - q$, the fraction of units dropped, in [0, 1).
        mean, variance: $\mu$ and $\nu$ of the inputs.
        dropped: $\alpha'$.

    Returns:
        (a, b), floats.

    Raises:
        UserError: the rate is not in [0, 1).
    """
    if not 0 <= rate < 1:
        raise UserError(f"rate must be at least 0 and below 1, got {rate!r}.")
    keep = 1.0 - rate
    spread = keep * (rate * (dropped - mean) ** 2 + variance)
    scale = math.sqrt(variance / spread)
    return scale, float(mean - scale * (keep * mean + rate * dropped))


def gradient_gain():
    r"""$E\,selu'(z)$ and $E\,selu'(z)^2$ for $z \sim N(0, 1)$.

    The second is the factor by which a layer multiplies the variance of gradients:
    $$E\,selu'^2 = \lambda^2\big(\tfrac12 + \alpha^2 e^2 \Phi(-2)\big), \qquad
      E\,selu' = \lambda\big(\tfrac12 + \alpha e^{1/2} \Phi(-1)\big).$$
    """
    first = LAMBDA * (0.5 + ALPHA * math.exp(0.5) * special.ndtr(-1.0))
    second = LAMBDA**2 * (0.5 + ALPHA**2 * math.exp(2.0) * special.ndtr(-2.0))
    return first, second


def parameter_count(num_features, width, num_layers, num_classes):
    r"""Parameters of a dense stack $d \to w \to \dots \to w \to K$ with biases.

    $$d w + w + (L - 1)(w^2 + w) + w K + K$$

    Args:
        num_features: $d$.
        width: $w$, units of every hidden layer.
        num_layers: $L$, hidden layers.
        num_classes: $K$.
    """
    hidden = (num_layers - 1) * (width**2 + width)
    first = num_features * width + width
    return first + hidden + width * num_classes + num_classes


def conic_widths(first, last, num_layers):
    """Hidden widths that shrink geometrically from `first` towards `last`.

    The readout of width `last` is the step after the last of the `num_layers`.

    Args:
        first: units of the first hidden layer.
        last: units of the readout; no hidden layer has fewer.
        num_layers: hidden layers.

    Returns:
        A list of `num_layers` integers.
    """
    ratio = (last / first) ** (1.0 / num_layers)
    return [max(last, round(first * ratio**layer)) for layer in range(num_layers)]


def _normal_expectation(function):
    """E f(z) for a smooth f and standard normal z, by the trapezoidal rule.

    On a line, for functions that die off like these, its error shrinks exponentially
    with the step; Gauss-Hermite nodes resolve a steep tanh worse.
    """
    z = np.linspace(-12.0, 12.0, 4001)
    density = np.exp(-0.5 * z**2) / math.sqrt(2.0 * math.pi)
    return float(np.sum(function(z) * density) * (z[1] - z[0]))


def scaled_tanh(slope):
    r"""The baseline $y = c \tanh(l x)$ with a variance fixed point at 1.

    It is odd, so mean 0 stays 0; $c = 1/\sqrt{E \tanh^2(l z)}$ makes variance 1 stay
    1. For $z \sim N(0, \nu)$ the fixed point attracts where
    $$\frac{d\tilde\nu}{d\nu} = \tfrac12 E[z\,(f^2)'(z)] = c^2 l\,
      E[z \tanh(l z)(1 - \tanh^2(l z))]$$
    is below 1 in size (at $\nu = 1$; Stein's identity).

    Args:
        slope: $l > 0$.

    Returns:
        (c, derivative), floats.
    """
    scale = _normal_expectation(lambda z: np.tanh(slope * z) ** 2) ** -0.5

    def integrand(z):
        inner = np.tanh(slope * z)
        return z * inner * (1.0 - inner**2)

    return scale, scale**2 * slope * _normal_expectation(integrand)
