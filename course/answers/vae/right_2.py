"""A right answer in plain loops over Python numbers, with SciPy's densities."""

import math

import numpy as np
from scipy import special, stats


def one_axis(mean, sigma, width):
    ratio = (sigma / width) ** 2
    return 0.5 * (ratio - 1 - math.log(ratio) + (mean / width) ** 2)


def gaussian_kl(mu, sigma, prior_sigma):
    result = []
    for means, sigmas in zip(mu, sigma, strict=True):
        axes = zip(means, sigmas, prior_sigma, strict=True)
        result.append(math.fsum(one_axis(*axis) for axis in axes))
    return np.array(result)


def elbo_gaussian(x, y, kl, v):
    total = np.zeros(len(x))
    for decoded in y:
        total += stats.norm(decoded, np.sqrt(v)).logpdf(x).sum(axis=1)
    return total / len(y) - kl


def iwae_bound(log_w, k):
    bounds = []
    for row in log_w:
        groups = [row[start : start + k] for start in range(0, len(row), k)]
        logs = [special.logsumexp(group) - math.log(k) for group in groups]
        bounds.append(sum(logs) / len(logs))
    return np.array(bounds)


def nesterov_step(theta, velocity, grad, lr, momentum):
    # Back to w, one step of the textbook's recursion, and to theta again.
    w = theta + lr * momentum * velocity
    velocity = momentum * velocity + grad
    w = w - lr * velocity
    return w - lr * momentum * velocity, velocity


def rescale(grads, threshold):
    norm = math.hypot(*(value for grad in grads.values() for value in grad.flat))
    result = {}
    for name, grad in grads.items():
        if not math.isfinite(norm):
            result[name] = np.zeros(grad.shape)
        else:
            result[name] = grad / max(1.0, norm / threshold)
    return result
