"""A right answer with arrays."""

import itertools

import numpy as np
from scipy.stats import norm

WRITTEN = r"""
1. The same parameters without a step and a step on the trajectories of another pair of legs: only if
   both are worse has the step anything to do with these legs. Standard errors over lives and several
   seeds are missing, and equal numbers of training episodes.
2. Its rate must be tuned on other tasks. With a rate of zero tracking is the fixed policy, so losing
   by .06 says that the rate is wrong.
3. Their spread: the effective share $(\sum w)^2 / (K \sum w^2)$. Each factor shifted by $\delta$ multiplies
   the second moment by $e^{\delta^2}$, 480 of them give $e^{480 \delta^2}$, 122 for a tenth of a deviation.
"""


def inner_step(parameters, gradients, rates, limit):
    moved = []
    for value, gradient, rate in zip(parameters, gradients, rates, strict=True):
        if gradient is None:
            moved.append(np.array(value))
        else:
            moved.append(value - rate * np.clip(gradient, -limit, limit))
    return moved


def maml_gradient(a, c, theta, rates):
    factors = np.prod(1 - np.asarray(rates)[:, None] * a[None, :], axis=0)
    return float(np.mean(a * factors**2 * (theta - c)))


def pair_gradient(theta, alpha, first, second, num_pulls):
    arms = len(theta)
    p = softmax(theta)
    spread = np.diag(p) - np.outer(p, p)
    total = np.zeros(arms)
    for pulls in itertools.product(range(arms), repeat=num_pulls):
        pulls = np.array(pulls)
        scores = np.eye(arms)[pulls] - p
        phi = theta + alpha * np.mean(first[pulls][:, None] * scores, axis=0)
        step = np.eye(arms) - alpha * np.mean(first[pulls]) * spread
        q = softmax(phi)
        loss, slope = -q @ second, -q * (second - q @ second)
        total += np.prod(p[pulls]) * (step.T @ slope + loss * scores.sum(axis=0))
    return total


def softmax(logits):
    exps = np.exp(logits - logits.max())
    return exps / exps.sum()


def trajectory_weights(new, old, lengths, limit):
    inside = np.arange(new.shape[1])[None, :] < lengths[:, None]
    ratios = np.where(inside, new, 0.0) - np.where(inside, old, 0.0)
    return np.exp(np.clip(ratios.sum(axis=1), -limit, limit))


def skill_update(mu, s, luck, outcome):
    order = np.array([1, 0] if outcome == -1 else [0, 1])
    mean, variance = mu[order], s[order] ** 2 + (25 / 300) ** 2
    total = np.sum(luck**2)
    c = np.sqrt(total + variance.sum())
    t = (mean[0] - mean[1]) / c
    e = norm.ppf(0.55) * np.sqrt(total) / c
    if outcome == 0:
        mass = norm.cdf(e - t) - norm.cdf(-e - t)
        v = (norm.pdf(-e - t) - norm.pdf(e - t)) / mass
        w = v**2 + ((e - t) * norm.pdf(e - t) + (e + t) * norm.pdf(e + t)) / mass
    else:
        v = np.exp(norm.logpdf(t - e) - norm.logcdf(t - e))
        w = v * (v + t - e)
    mean = mean + np.array([1, -1]) * variance / c * v
    deviation = np.sqrt(variance * (1 - variance / c**2 * w))
    return mean[order], deviation[order]
