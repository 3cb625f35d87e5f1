r"""A model that is solved exactly: a chain of Gaussians seen through noise. NumPy.

$z_1 \sim N(0, 1)$, $z_t = a z_{t-1} + N(0, q)$, $x_t = z_t + N(0, r)$, with variances
$q$ and $r$. It is a VRNN whose state hands $z_{t-1}$ on (Chung et al. 2015,
arXiv:1506.02216), and its likelihood is known in three ways: by the covariance of
$x_{1:T}$, by the Kalman filter, and by TensorFlow Probability.
"""

import typing

import numpy as np


class Chain(typing.NamedTuple):
    """The chain's numbers: $a$ and the variances $q$, $r$; the first variance is 1."""

    a: float = 0.9
    q: float = 1.0
    r: float = 0.5


def log_likelihood(x, chain):
    """Likelihood, log p(x_1:T), by the covariance matrix of the observations.

    Args:
        x: shape (time,).
        chain: a `Chain`.
    """
    x = np.asarray(x, float)
    steps = np.arange(len(x))
    variances = [1.0]
    for _ in steps[1:]:
        variances.append(chain.a**2 * variances[-1] + chain.q)
    earlier = np.minimum.outer(steps, steps)
    lags = np.abs(np.subtract.outer(steps, steps))
    covariance = chain.a**lags * np.array(variances)[earlier]
    covariance += chain.r * np.eye(len(x))
    _, log_det = np.linalg.slogdet(covariance)
    quadratic = x @ np.linalg.solve(covariance, x)
    return float(-0.5 * (quadratic + log_det + len(x) * np.log(2 * np.pi)))


def kalman(x, chain):
    """Likelihood, log p(x_1:T), by prediction and correction, one step after the other.

    Args:
        x: shape (time,).
        chain: a `Chain`.
    """
    mean, variance, total = 0.0, 1.0, 0.0
    for value in x:
        spread = variance + chain.r
        total -= 0.5 * ((value - mean) ** 2 / spread + np.log(2 * np.pi * spread))
        gain = variance / spread
        mean, variance = mean + gain * (value - mean), (1 - gain) * variance
        mean, variance = chain.a * mean, chain.a**2 * variance + chain.q
    return float(total)


def causal_bound(x, chain):
    r"""The bound with $q_t = p(z_t | z_{t-1}, x_t)$, in closed form.

    Under $q$ the chain stays Gaussian: with $k = p/(p + r)$, $p$ the variance of $z_t$
    given $z_{t-1}$, its mean is $a z_{t-1} + k (x_t - a z_{t-1})$ and its variance
    $(1 - k) p$. Mean $m$ and variance $V$ of $z_{t-1}$ are carried along.

    Args:
        x: shape (time,).
        chain: a `Chain`.

    Returns:
        (log densities, divergences): expectations of each step, shape (time,).
    """
    mean, variance = 0.0, 0.0  # of a z_{t-1}; the first prior has mean 0 and p = 1
    log_probs, divergences = [], []
    for t, value in enumerate(x):
        prior = 1.0 if t == 0 else chain.q
        gain = prior / (prior + chain.r)
        own = (1 - gain) * prior
        surprise = (value - mean) ** 2 + variance
        divergences.append(
            0.5 * (np.log(prior / own) + (own + gain**2 * surprise) / prior - 1)
        )
        mean = mean + gain * (value - mean)
        variance = (1 - gain) ** 2 * variance + own
        misfit = (value - mean) ** 2 + variance
        log_probs.append(-0.5 * (np.log(2 * np.pi * chain.r) + misfit / chain.r))
        mean, variance = chain.a * mean, chain.a**2 * variance
    return np.array(log_probs), np.array(divergences)


def sampled_paths(x, chain, num_paths, rng, leak=0.0):
    """Paths of z from the causal posterior, and the terms of their log weights.

    Args:
        x: shape (time,).
        chain: a `Chain`.
        num_paths: how many.
        rng: a NumPy generator.
        leak: a mistake to show: what part of its way towards x_t the *prior's* mean
            has gone, as where it is fed with $h_t$ instead of $h_{t-1}$.

    Returns:
        (log p(x|z), log p(z), log q(z|x)), each of shape (paths, time).
    """
    z, terms = np.zeros(num_paths), []
    for t, value in enumerate(x):
        prior = 1.0 if t == 0 else chain.q
        gain = prior / (prior + chain.r)
        expected = chain.a * z
        center, own = expected + gain * (value - expected), (1 - gain) * prior
        z = center + np.sqrt(own) * rng.normal(size=num_paths)
        believed = expected + leak * (value - expected)
        terms.append(
            [
                _log_normal(value, z, chain.r),
                _log_normal(z, believed, prior),
                _log_normal(z, center, own),
            ]
        )
    return tuple(np.moveaxis(np.array(terms), 0, -1))


def _log_normal(x, mean, variance):
    return -0.5 * ((x - mean) ** 2 / variance + np.log(2 * np.pi * variance))


def filter_and_smoother(chain):
    """Variances of z_1 given x_1, and given x_1 and x_2.

    Args:
        chain: a `Chain`.

    Returns:
        (filtering, smoothing).
    """
    filtered = chain.r / (1 + chain.r)
    predicted = chain.a**2 * filtered + chain.q
    gain = chain.a * filtered / predicted
    corrected = predicted * chain.r / (predicted + chain.r)
    return filtered, filtered + gain**2 * (corrected - predicted)


def causal_gap(variance, chain):
    r"""How far the best bound with a causal $q(z_1|x_1)$ stays below, T = 2, in nats.

    $q(z_1|x_1)$ has the filter's mean and some variance $v$; $q(z_2|\cdot)$ is exact.
    The smoother's mean lies around the filter's with variance $P_f - P_s$, so

    $$E[\log p - F] = \tfrac12 \left[\log\frac{P_s}{v} + \frac{v + P_f - P_s}{P_s} - 1
    \right],$$

    which is least at $v = P_s$: $\tfrac12 (P_f / P_s - 1)$.

    Args:
        variance: $v$, a number or an array.
        chain: a `Chain`.
    """
    filtered, smoothed = filter_and_smoother(chain)
    spread = (variance + filtered - smoothed) / smoothed
    return 0.5 * (np.log(smoothed / variance) + spread - 1)
