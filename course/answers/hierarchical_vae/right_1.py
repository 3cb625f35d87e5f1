"""A right answer in loops over examples, with SciPy's densities and linear algebra."""

import math

import numpy as np

WRITTEN = r"""
1. $q(z_2|x) = p(z_2)$ for almost every $x$, so the code says nothing about $x$. Draws of
   $p(z_1|z_2)$ can still move with $z_2$, as plain noise, and with the context if it is
   given.
2. Only the marginal $p(z_1)$ reaches $x$. In a linear Gaussian chain
   $N(0, w w^T + v I)$ is one layer with a full covariance: exactly as good. With diagonal
   layers a single one cannot have correlated coordinates or several modes.
3. No. The floor is paid whether or not the decoder needs what it buys. Compare the
   importance-weighted bound without the floor, with and without the layer, and the
   variance of completions when only that layer draws.
"""


def one(mu, s, m, t):
    return np.log(t) - np.log(s) + (s * s + (mu - m) ** 2) / (2 * t * t) - 0.5


def diag_gaussian_kl(mu, log_s, m, precision):
    result = []
    for means, logs, others, precisions in zip(mu, log_s, m, precision, strict=True):
        total = 0.0
        for a, log_width, b, p in zip(means, logs, others, precisions, strict=True):
            total += 0.5 * (math.exp(2 * log_width) * p + (a - b) ** 2 * p - 1)
            total -= log_width + 0.5 * math.log(p)
        result.append(total)
    return np.array(result)


def hierarchical_bound(log_px, kls, floor):
    value = float(np.mean(log_px))
    for kl in kls:
        mean = float(np.mean(kl))
        value -= max(mean, floor)
    return value


def layer_kls(q_params, prior_fns, top, z_samples):
    def prior(above):
        return [fn(z) for fn, z in zip(prior_fns, above, strict=True)] + [top]

    result = []
    for (mu, s), (m, t) in zip(q_params, prior(z_samples[1:]), strict=True):
        result.append(one(mu, s, m, t).sum(axis=1))
    return result


def sample_frozen(prior_fns, top, vary, eps):
    def draw(layer):  # from the pixels up, asking for what is above
        m, t = top if layer == len(eps) else prior_fns[layer - 1](draw(layer + 1))
        noise = eps[layer - 1]
        return m + t * (noise if layer in vary else np.zeros_like(noise))

    return draw(1)


def precision_merge(means, scales):
    mean, precision = means[0], 1 / scales[0] ** 2
    for other, width in zip(means[1:], scales[1:], strict=True):
        # The Kalman filter's update; as long as nobody has spoken the share is 0.
        total = precision + 1 / width**2
        share = (1 / width**2) / np.where(total > 0, total, 1)
        mean, precision = mean + share * (other - mean), total
    return mean, precision**-0.5
