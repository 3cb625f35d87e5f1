r"""Gaussians, their mixtures, and samples of them, in log space.

Pure functions of arrays, written with `keras.ops`. Leading axes are examples, steps or
whatever else is independent; the last axis of a mean is the dimension, and a mixture
has its components on the axis before. All results are in nats. Everything is computed
in float32 at least, whatever a model computes in: in float16 the square of a standard
deviation of 1e-4 is 0. float64 stays float64.

Standard deviations are called scales. A mixture is given by logits, which need not be
normalised: $\log \pi = \mathrm{logits} - \mathrm{logsumexp}(\mathrm{logits})$.
"""

import math

import keras
from keras import ops

LOG_TWO_PI = math.log(2.0 * math.pi)
GREATEST_CORRELATION = 1 - 1e-6  # tanh saturates to 1 in float32


def gaussian_log_prob(x, mean, scale):
    r"""Log density of a diagonal Gaussian.

    $$\log N(x; \mu, s^2) = -\tfrac12 \sum_d \left[\left(\frac{x_d - \mu_d}{s_d}
    \right)^2 + 2 \log s_d + \log 2\pi\right]$$

    Args:
        x, mean: shape (..., dim).
        scale: standard deviations, above 0, shape (..., dim).

    Returns:
        Shape (...,), the sum over the dimension.
    """
    x, mean, scale = _precise(x, mean, scale)
    standard = (x - mean) / scale
    return ops.sum(-0.5 * ops.square(standard) - ops.log(scale) - 0.5 * LOG_TWO_PI, -1)


def gaussian_kl(mean, scale, prior_mean, prior_scale):
    r"""KL divergence of one diagonal Gaussian from another.

    $$KL(q \| p) = \sum_d \left[\log \frac{s_p}{s_q} + \frac{s_q^2 + (\mu_q - \mu_p)^2}
    {2 s_p^2} - \frac12\right]$$

    Args:
        mean, scale: of $q$, over which the expectation runs, shape (..., dim).
        prior_mean, prior_scale: of $p$, shape (..., dim).

    Returns:
        Shape (...,), the sum over the dimension; never below 0 but for rounding.
    """
    mean, scale, prior_mean, prior_scale = _precise(
        mean, scale, prior_mean, prior_scale
    )
    ratio = ops.log(prior_scale) - ops.log(scale)
    moment = ops.square(scale / prior_scale)
    moment += ops.square((mean - prior_mean) / prior_scale)
    return ops.sum(ratio + 0.5 * (moment - 1.0), axis=-1)


def mixture_log_prob(logits, component_log_probs):
    r"""Log density of a mixture, $\log \sum_k \pi_k p_k(x)$, by log-sum-exp.

    Args:
        logits: shape (..., components).
        component_log_probs: $\log p_k(x)$, shape (..., components).

    Returns:
        Shape (...,).
    """
    logits, component_log_probs = _precise(logits, component_log_probs)
    weighted = ops.log_softmax(logits, axis=-1) + component_log_probs
    return ops.logsumexp(weighted, axis=-1)


def gaussian_mixture_log_prob(x, logits, means, scales):
    r"""Log density of a mixture of diagonal Gaussians: one component explains all of x.

    $$\log \sum_k \pi_k \prod_d N(x_d; \mu_{kd}, s_{kd}^2)$$

    Args:
        x: shape (..., dim).
        logits: shape (..., components).
        means, scales: shape (..., components, dim).

    Returns:
        Shape (...,).
    """
    inside = gaussian_log_prob(ops.expand_dims(x, -2), means, scales)
    return mixture_log_prob(logits, inside)


def bivariate_log_prob(x, mean, scale, correlation):
    r"""Log density of a Gaussian in the plane with a correlation.

    $$-\frac{u_1^2 + u_2^2 - 2\rho u_1 u_2}{2(1-\rho^2)} - \log(2\pi s_1 s_2)
    - \tfrac12 \log(1-\rho^2), \qquad u_i = (x_i - \mu_i)/s_i$$

    Args:
        x, mean, scale: shape (..., 2).
        correlation: $\rho$, shape (...,); sizes above `GREATEST_CORRELATION` count as
            that.

    Returns:
        Shape (...,).
    """
    x, mean, scale, correlation = _precise(x, mean, scale, correlation)
    rho = ops.clip(correlation, -GREATEST_CORRELATION, GREATEST_CORRELATION)
    u = (x - mean) / scale
    rest = (1.0 - rho) * (1.0 + rho)  # 1 - rho^2, without cancellation
    first, second = u[..., 0], u[..., 1]
    # (u1 - rho u2)^2 + (1 - rho^2) u2^2 is the same quadratic form, and not below 0.
    form = ops.square(first - rho * second) / rest + ops.square(second)
    return -0.5 * (form + ops.log(rest)) - ops.sum(ops.log(scale), -1) - LOG_TWO_PI


def bivariate_mixture_log_prob(x, logits, means, scales, correlations):
    r"""Log density of a mixture of correlated Gaussians in the plane.

    Args:
        x: shape (..., 2).
        logits, correlations: shape (..., components).
        means, scales: shape (..., components, 2).

    Returns:
        Shape (...,).
    """
    x = ops.expand_dims(x, -2)
    inside = bivariate_log_prob(x, means, scales, correlations)
    return mixture_log_prob(logits, inside)


def gaussian_sample(mean, scale, normal):
    r"""$\mu + s \epsilon$.

    Args:
        mean, scale: shape (..., dim).
        normal: $\epsilon$, standard normal draws, shape (..., dim).
    """
    mean, scale, normal = _precise(mean, scale, normal)
    return mean + scale * normal


def chosen_component(logits, uniform):
    r"""One component of each mixture, with probability $\pi_k$.

    Args:
        logits: shape (..., components).
        uniform: draws from [0, 1), shape (...,).

    Returns:
        int32 of shape (...,): how many cumulative sums of $\pi$ the draw has passed.
    """
    logits, uniform = _precise(logits, uniform)
    passed = ops.cumsum(ops.softmax(logits, axis=-1), axis=-1)
    passed = passed[..., :-1] / passed[..., -1:]  # the last one is 1, up to rounding
    beyond = ops.expand_dims(uniform, -1) >= passed
    return ops.sum(ops.cast(beyond, "int32"), axis=-1)


def gaussian_mixture_sample(logits, means, scales, uniform, normal):
    """A sample of a mixture of diagonal Gaussians.

    Args:
        logits: shape (..., components).
        means, scales: shape (..., components, dim).
        uniform: draws from [0, 1), shape (...,); they choose the component.
        normal: standard normal draws, shape (..., dim).

    Returns:
        Shape (..., dim).
    """
    index = chosen_component(logits, uniform)
    return gaussian_sample(_taken(means, index), _taken(scales, index), normal)


def bivariate_sample(mean, scale, correlation, normal):
    r"""$(\mu_1 + s_1 \epsilon_1,\ \mu_2 + s_2 (\rho\epsilon_1 +
    \sqrt{1-\rho^2}\,\epsilon_2))$.

    Args:
        mean, scale: shape (..., 2).
        correlation: shape (...,).
        normal: standard normal draws, shape (..., 2).
    """
    rho, first, second = _precise(correlation, normal[..., 0], normal[..., 1])
    rest = ops.sqrt(ops.maximum((1.0 - rho) * (1.0 + rho), 0.0))
    turned = ops.stack([first, rho * first + rest * second], axis=-1)
    return gaussian_sample(mean, scale, turned)


def bivariate_mixture_sample(logits, means, scales, correlations, uniform, normal):
    """A sample of a mixture of correlated Gaussians in the plane.

    Args:
        logits, correlations: shape (..., components).
        means, scales: shape (..., components, 2).
        uniform: draws from [0, 1), shape (...,).
        normal: standard normal draws, shape (..., 2).

    Returns:
        Shape (..., 2).
    """
    index = chosen_component(logits, uniform)
    rho = _taken(ops.expand_dims(correlations, -1), index)[..., 0]
    return bivariate_sample(_taken(means, index), _taken(scales, index), rho, normal)


def _precise(*arrays):
    """Arrays in float32, all in float64 where one of them is."""
    arrays = [ops.convert_to_tensor(array) for array in arrays]
    wide = any(keras.backend.standardize_dtype(a.dtype) == "float64" for a in arrays)
    return [ops.cast(array, "float64" if wide else "float32") for array in arrays]


def _taken(values, index):
    """The component `index` (...,) of values (..., components, dim): (..., dim)."""
    (values,) = _precise(values)
    return ops.take_along_axis(values, index[..., None, None], axis=-2)[..., 0, :]
