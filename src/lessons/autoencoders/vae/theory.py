r"""Bounds and gradient estimators of the variational autoencoder.

Pure functions of arrays, written with `keras.ops`: they take NumPy arrays or tensors,
inside and outside compiled steps. Names follow Kingma & Welling (arXiv:1312.6114):
the encoder gives $q(z|x) = N(\mu, \mathrm{diag}(s^2))$, the prior is $p(z) = N(0, I)$,
the decoder gives $p(x|z) = N(y(z), v I)$. All results are in nats, one per example:
the first axis of every argument is the batch, unless said otherwise.
"""

import math

from keras import ops

LOG_TWO_PI = math.log(2.0 * math.pi)


def gaussian_kl(mean, scale):
    r"""KL divergence of a diagonal Gaussian from the standard normal.

    $$KL = \tfrac12 \sum_j (s_j^2 + \mu_j^2 - 1 - 2 \log s_j)$$
    (arXiv:1312.6114, appendix B; `scale` is the standard deviation).

    Args:
        mean: $\mu$, shape (batch, latent).
        scale: $s > 0$, shape (batch, latent).

    Returns:
        Shape (batch,), in nats; never negative.
    """
    terms = ops.square(scale) + ops.square(mean) - 1.0 - 2.0 * ops.log(scale)
    return 0.5 * ops.sum(terms, axis=-1)


def squared_error(x, reconstruction):
    r"""$\|x - y\|^2$, summed over everything but the batch.

    Args:
        x, reconstruction: shape (batch, ...).

    Returns:
        Shape (batch,).
    """
    difference = ops.square(x - reconstruction)
    return ops.sum(ops.reshape(difference, (ops.shape(difference)[0], -1)), axis=-1)


def cost(x, reconstruction, mean, scale, variance, beta=1.0):
    r"""What training minimises: the negative bound without its constant.

    $$C = \frac{\|x - y\|^2}{2 v} + \beta\, KL(q(z|x) \,\|\, p(z))$$
    With $v = 1/2$, $\beta = 1$ this is squared error plus KL.

    Args:
        x, reconstruction: $x$ and one decoded sample $y(z)$, shape (batch, ...).
        mean, scale: of $q(z|x)$, shape (batch, latent).
        variance: $v$ of the likelihood.
        beta: weight of the KL term.

    Returns:
        Shape (batch,), in nats.
    """
    misfit = squared_error(x, reconstruction) / (2.0 * variance)
    return misfit + beta * gaussian_kl(mean, scale)


def likelihood_constant(num_pixels, variance):
    r"""$\frac D2 \log(2 \pi v)$: the negative ELBO is `cost` plus this number.

    Args:
        num_pixels: $D$.
        variance: $v$, in squared units of the pixels.
    """
    return 0.5 * num_pixels * math.log(2.0 * math.pi * variance)


def gaussian_log_likelihood(x, reconstruction, variance):
    r"""$\log p(x|z) = -\|x-y\|^2 / (2v) - \frac D2 \log(2 \pi v)$.

    Args:
        x, reconstruction: shape (batch, ...).
        variance: $v$.

    Returns:
        Shape (batch,), in nats.
    """
    num_pixels = math.prod(ops.shape(x)[1:])
    constant = likelihood_constant(num_pixels, variance)
    return -squared_error(x, reconstruction) / (2.0 * variance) - constant


def elbo(x, reconstruction, mean, scale, variance, beta=1.0):
    r"""One-sample estimate of the evidence lower bound (arXiv:1312.6114, eq. 7).

    $$L(x) = E_q[\log p(x|z)] - \beta\, KL(q(z|x) \,\|\, p(z))
           = \log p(x) - KL(q(z|x) \,\|\, p(z|x)) \quad (\beta = 1)$$

    Args:
        x, reconstruction: $x$ and $y(z)$ for one $z \sim q$, shape (batch, ...).
        mean, scale: of $q(z|x)$, shape (batch, latent).
        variance: $v$ of the likelihood.
        beta: weight of the KL term; above 1 it is still a bound, a looser one.

    Returns:
        Shape (batch,), in nats.
    """
    fit = gaussian_log_likelihood(x, reconstruction, variance)
    return fit - beta * gaussian_kl(mean, scale)


def diagonal_log_density(z, mean, scale):
    r"""$\log N(z; \mu, \mathrm{diag}(s^2))$, summed over the last axis, in nats.

    Args:
        z: tensor (..., dims).
        mean: tensor that broadcasts against it.
        scale: standard deviations, likewise.
    """
    terms = ops.square((z - mean) / scale) + 2.0 * ops.log(scale) + LOG_TWO_PI
    return -0.5 * ops.sum(terms, axis=-1)


def iwae_bound(log_weights):
    r"""Importance-weighted bound (Burda et al., arXiv:1509.00519, eq. 8).

    $$L_K = E\Big[\log \frac1K \sum_k w_k\Big], \qquad
      w_k = \frac{p(x, z_k)}{q(z_k|x)}, \qquad L_1 = ELBO \le L_K \le \log p(x)$$

    Args:
        log_weights: $\log w_k$, shape (samples, batch).

    Returns:
        Shape (batch,), in nats: one estimate of the bound per example.
    """
    num_samples = ops.shape(log_weights)[0]
    return ops.logsumexp(log_weights, axis=0) - math.log(num_samples)


def reparameterize(mean, scale, noise):
    r"""$z = \mu + s \epsilon$ with $\epsilon \sim N(0, I)$ (arXiv:1312.6114, 2.4).

    Args:
        mean: tensor (batch, dims).
        scale: standard deviations, of the same shape.
        noise: draws of a standard normal, (..., batch, dims).
    """
    return mean + scale * noise


def pathwise_gradient(gradient, mean, scale, noise):
    r"""Samples of $\nabla E_q f$ through the sample itself.

    $$\nabla_\mu f = \nabla f(\mu + s\epsilon), \qquad
      \nabla_s f = \epsilon\, \nabla f(\mu + s\epsilon)$$

    Args:
        gradient: the function $\nabla f$, (samples, latent) to (samples, latent).
        mean, scale: $\mu$, $s$, shape (latent,).
        noise: $\epsilon$, shape (samples, latent).

    Returns:
        (with respect to mean, with respect to scale), each (samples, latent).
    """
    slope = gradient(reparameterize(mean, scale, noise))
    return slope, slope * noise


def score_function_gradient(function, mean, scale, noise, baseline=0.0):
    r"""Samples of $\nabla E_q f$ that use values of $f$ only (REINFORCE).

    $$(f(z) - b)\, \nabla \log q(z), \qquad \nabla_\mu \log q = \epsilon / s,
      \qquad \nabla_s \log q = (\epsilon^2 - 1) / s$$

    Args:
        function: $f$, (samples, latent) to (samples,).
        mean, scale: $\mu$, $s$, shape (latent,).
        noise: $\epsilon$, shape (samples, latent).
        baseline: $b$, any constant; it changes the variance, not the mean.

    Returns:
        (with respect to mean, with respect to scale), each (samples, latent).
    """
    value = function(reparameterize(mean, scale, noise)) - baseline
    value = ops.expand_dims(value, -1)
    return value * noise / scale, value * (ops.square(noise) - 1.0) / scale


def normalized_kl_floor(gamma, shift, variance=1.0, epsilon=0.0):
    r"""Least mean KL that batch normalisation of the mean head allows.

    Over a batch the normalised means have mean $c_j$ and variance
    $g_j^2 V_j / (V_j + e)$, and $s^2 - 1 - 2\log s \ge 0$, so
    $$\frac1B \sum_b KL_b \ge \tfrac12 \sum_j
      \Big(g_j^2 \frac{V_j}{V_j + e} + c_j^2\Big)$$
    (after Zhu et al., arXiv:2004.12585).

    Args:
        gamma, shift: $g$ and $c$ of the layer, shape (latent,).
        variance: biased batch variance $V$ before normalisation, shape (latent,).
        epsilon: $e$ of the layer.

    Returns:
        A scalar, in nats.
    """
    spread = ops.square(gamma) * variance / (variance + epsilon)
    return 0.5 * ops.sum(spread + ops.square(shift))
