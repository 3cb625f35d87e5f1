r"""Losses with a critic, the dual route: what `gan` and the lessons train with.

The original GAN (arXiv:1406.2661) and the two Wasserstein GANs (arXiv:1701.07875,
arXiv:1704.00028). Critic values have shape (batch,); results are scalars, means over
the batch. Equations carry the numbers of Salimans et al. (arXiv:1803.05573).
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


def linear_generator_loss(fake):
    r"""$-E_g f(y)$: the part of the dual value that depends on the generator."""
    return -ops.mean(fake)


def gradient_penalty(gradient):
    r"""$E (\|\nabla f(\hat x)\| - 1)^2$ between data and samples.

    Args:
        gradient: $\nabla f(\hat x)$, shape (batch, ...).
    """
    flat = ops.reshape(gradient, (ops.shape(gradient)[0], -1))
    length = ops.sqrt(ops.sum(ops.square(flat), axis=-1) + 1e-12)
    return ops.mean(ops.square(length - 1.0))
