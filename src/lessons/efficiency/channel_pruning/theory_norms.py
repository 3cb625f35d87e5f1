r"""Two reasons why a small norm says little, in NumPy, apart from the models.

The first is a deep linear network with a Lasso on every second layer (section 3 of
arXiv:1802.00124), the second a layer with batch normalisation.
"""

import numpy as np


def linear_network(kernels, signal):
    """A signal convolved with one kernel after the other.

    Args:
        kernels: of the layers, first to last, shape (size,) each.
        signal: shape (length,).

    Returns:
        Shape (length + sum of the sizes - number of kernels,).
    """
    for kernel in kernels:
        signal = np.convolve(signal, kernel)
    return signal


def even_penalty(kernels):
    r"""$\sum_i \|W_{2i}\|_1$: only every second layer is penalised."""
    return sum(np.abs(kernel).sum() for kernel in kernels[1::2])


def balanced(kernels, alpha):
    r"""$W_{2i-1} \to \alpha W_{2i-1}$ and $W_{2i} \to W_{2i} / \alpha$.

    The network stays the same function while the penalty is divided by $\alpha$.

    Args:
        kernels: an even number of them.
        alpha: any number but 0.
    """
    factors = (alpha, 1 / alpha)
    return [factors[place % 2] * kernel for place, kernel in enumerate(kernels)]


def normalised_layer(inputs, kernel, gamma, beta, epsilon=0.0):
    r"""$\max(\gamma\,\mathrm{BN}(xW) + \beta, 0)$ with the statistics of the batch.

    Args:
        inputs: $x$, shape (batch, inputs).
        kernel: $W$, shape (inputs, channels).
        gamma, beta: shape (channels,).
        epsilon: added to the variance.

    Returns:
        Shape (batch, channels).
    """
    sums = inputs @ kernel
    scale = np.sqrt(sums.var(axis=0) + epsilon)
    return np.maximum(gamma * (sums - sums.mean(axis=0)) / scale + beta, 0)


def kernel_gradient(inputs, kernel, gamma, beta, upstream, epsilon=0.0):
    r"""$\partial L / \partial W$ of `normalised_layer`, by the chain rule.

    Args:
        inputs, kernel, gamma, beta, epsilon: as there.
        upstream: $\partial L / \partial x^{l+1}$, shape (batch, channels).

    Returns:
        Shape (inputs, channels).
    """
    sums = inputs @ kernel
    scale = np.sqrt(sums.var(axis=0) + epsilon)
    normal = (sums - sums.mean(axis=0)) / scale
    errors = upstream * (gamma * normal + beta > 0) * gamma
    mean, slope = errors.mean(axis=0), (errors * normal).mean(axis=0)
    return inputs.T @ ((errors - mean - normal * slope) / scale)


def overlap(first, second):
    """Which part of the better half of one ranking is in the better half of another.

    Args:
        first, second: scores of the same channels, shape (channels,).
    """
    half = len(first) // 2
    tops = [set(np.argsort(scores)[-half:]) for scores in (first, second)]
    return len(tops[0] & tops[1]) / half
