r"""The dual route: a critic function instead of a matching.

Losses of the original GAN (arXiv:1406.2661) and of the two Wasserstein GANs
(arXiv:1701.07875, arXiv:1704.00028). Critic values have shape (batch,); results are
scalars, means over the batch.
"""

from keras import ops


def gan_critic_loss(real, fake):
    r"""$-E_p \log d(x) - E_g \log(1 - d(y))$ from logits (eq. 1, negated), nats."""
    return ops.mean(ops.softplus(-real)) + ops.mean(ops.softplus(fake))


def non_saturating_loss(fake):
    r"""$-E_g \log d(y)$ from logits: what generators minimise in practice, nats."""
    return ops.mean(ops.softplus(-fake))


def wasserstein_critic_loss(real, fake):
    r"""$E_g f(y) - E_p f(x)$: minus the dual value of the critic $f$ (eq. 3)."""
    return ops.mean(fake) - ops.mean(real)


def gradient_penalty(gradient):
    r"""$E (\|\nabla f(\hat x)\| - 1)^2$ between data and samples.

    Args:
        gradient: $\nabla f(\hat x)$, shape (batch, ...).
    """
    flat = ops.reshape(gradient, (ops.shape(gradient)[0], -1))
    length = ops.sqrt(ops.sum(ops.square(flat), axis=-1) + 1e-12)
    return ops.mean(ops.square(length - 1.0))


def penalized_slope(shift, weight):
    r"""Slope of the best linear critic for $q = p + m$ under the penalty.

    The objective $s m - \lambda (s - 1)^2$ is largest at $s = 1 + m / (2\lambda)$,
    above the 1 that Kantorovich and Rubinstein allow.

    Args:
        shift: $m > 0$.
        weight: $\lambda$.
    """
    return 1.0 + shift / (2.0 * weight)
