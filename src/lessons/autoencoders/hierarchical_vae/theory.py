r"""The chain of latents: its bound, its inference pass, its samples.

Pure functions of arrays, written with `keras.ops`. The generative side is
$p(x, z|c) = p(x|z_1, c) \prod_l N(z_l; m_l(z_{l+1}, c), \mathrm{diag}\, t_l^2)$ with
$z_{L+1} := c$, after Gulrajani et al. 2016 (arXiv:1611.05013) without PixelCNN layers;
the recognition side is $q(z|x, c) = \prod_l N(z_l; \mu_l, \mathrm{diag}\, s_l^2)$.
Lists over layers begin with $z_1$, the layer **next to the pixels**. Standard
deviations, not variances; sums over units, one number per example, in nats.
"""

import math

from keras import ops

from lessons.autoencoders.vae.theory import reparameterize

UNIT_SHIFT = math.log(math.e - 1.0)  # softplus of it is 1
SMALLEST_SCALE = 1e-3


def positive(raw):
    r"""A standard deviation: $\epsilon + (1-\epsilon)\,\mathrm{softplus}(a+\log(e-1))$.

    It is 1 at $a = 0$ and never below $\epsilon$ = `SMALLEST_SCALE`.
    """
    return SMALLEST_SCALE + (1.0 - SMALLEST_SCALE) * ops.softplus(raw + UNIT_SHIFT)


def positive_inverse(scale):
    r"""The number $a$ whose `positive` is `scale`, a float above `SMALLEST_SCALE`."""
    softplus = (scale - SMALLEST_SCALE) / (1.0 - SMALLEST_SCALE)
    return softplus + math.log(-math.expm1(-softplus)) - UNIT_SHIFT


def sum_units(values):
    """Sum over everything but the batch: (batch, ...) to (batch,)."""
    return ops.sum(ops.reshape(values, (ops.shape(values)[0], -1)), axis=-1)


def gaussian_kl(mean, scale, prior_mean, prior_scale):
    r"""KL divergence of one diagonal Gaussian from another.

    $$KL(q\|p) = \sum_j \Big[\log\frac{t_j}{s_j}
      + \frac{s_j^2 + (\mu_j - m_j)^2}{2 t_j^2} - \frac12\Big]$$

    Args:
        mean, scale: $\mu, s$ of q, shape (batch, ...).
        prior_mean, prior_scale: $m, t$ of p, the same shape.

    Returns:
        Shape (batch,), in nats.
    """
    ratio = ops.square(scale / prior_scale)
    shift = ops.square((mean - prior_mean) / prior_scale)
    return 0.5 * sum_units(ratio + shift - 1.0 - ops.log(ratio))


def precision_merge(mean, scale, prior_mean, prior_scale):
    r"""The ladder's posterior: a product of two Gaussians, normalised.

    $$s^2 = \frac1{\hat s^{-2} + t^{-2}}, \qquad
      \mu = s^2 (\hat\mu\, \hat s^{-2} + m\, t^{-2})$$
    (Sønderby et al. 2016, arXiv:1602.02282, eq. 17 and 18).

    Args:
        mean, scale: $\hat\mu, \hat s$ from below, any shape.
        prior_mean, prior_scale: $m, t$ from above, the same shape.

    Returns:
        (mean, scale).
    """
    below, above = scale**-2.0, prior_scale**-2.0
    total = below + above
    return (mean * below + prior_mean * above) / total, total**-0.5


def infer(posteriors, priors, noise, ladder=False):
    r"""Draw every layer from the recognition model, from the top layer down.

    The prior of layer $l$ is evaluated at the **sample** of layer $l+1$: the bound
    averages $KL_l$ over samples of $z_{l+1}$, not at its mean.

    Args:
        posteriors: list of (mean, scale), what is seen from below.
        priors: list of functions from $z_{l+1}$ to (mean, scale); the last one, at
            the top, is given None.
        noise: list of standard normal arrays.
        ladder: whether q(z_l) is merged with the prior at the sample above.

    Returns:
        (samples, posteriors, priors): lists over layers; with `ladder` the
        posteriors are the merged ones, otherwise those given.
    """
    num_layers = len(posteriors)
    samples, used, seen = ([None] * num_layers for _ in range(3))
    above = None
    for layer in reversed(range(num_layers)):
        seen[layer] = priors[layer](above)
        used[layer] = posteriors[layer]
        if ladder:
            used[layer] = precision_merge(*posteriors[layer], *seen[layer])
        above = samples[layer] = reparameterize(*used[layer], noise[layer])
    return samples, used, seen


def layer_kls(posteriors, priors):
    """`gaussian_kl` of each layer: a list of arrays of shape (batch,).

    Args:
        posteriors, priors: lists of (mean, scale), as from `infer`.
    """
    pairs = zip(posteriors, priors, strict=True)
    return [gaussian_kl(*posterior, *prior) for posterior, prior in pairs]


def hierarchical_bound(log_px, kls, weight=1.0):
    r"""$\log p(x|z_1) - w \sum_l KL_l$: a one-sample estimate of the bound.

    Args:
        log_px: log-likelihood at a sample, shape (batch,), in nats.
        kls: list over layers, each of shape (batch,).
        weight: $w$ of the KL terms; 1 for a bound.

    Returns:
        Shape (batch,), in nats.
    """
    return log_px - weight * sum(kls, start=ops.zeros_like(log_px))


def warm_up(epoch, num_epochs):
    r"""$w(e) = \min(1, e / E_w)$, the weight of the KL terms in epoch $e$ from 0.

    Args:
        epoch: how many epochs are done.
        num_epochs: $E_w$; 0 for no warm-up.
    """
    return min(1.0, epoch / num_epochs) if num_epochs else 1.0


def free_bits(kl, floor):
    r"""Replace a layer's mean KL by $\max(\overline{KL}, \lambda)$.

    (After Kingma et al. 2016, arXiv:1606.04934, with one group per layer.) The
    maximum is taken over the **batch mean**, before any scaling.

    Args:
        kl: of one layer, shape (batch,), in nats.
        floor: $\lambda$ in nats.

    Returns:
        Shape (batch,), with that mean: `kl` itself above the floor, a constant
        without gradient below.
    """
    return ops.where(ops.mean(kl) > floor, kl, floor * ops.ones_like(kl))


def sample_chain(priors, noise, vary="all"):
    r"""Draw $z_1$ from the generative chain with some layers frozen at their means.

    $$z_l = m_l(z_{l+1}) + [l \in \mathrm{vary}]\; t_l(z_{l+1})\, \epsilon_l$$
    A frozen layer sits at its **conditional** mean: it follows what changed above.

    Args:
        priors, noise: as for `infer`.
        vary: "all", None, or the number of the only layer with noise, from 1.

    Returns:
        $z_1$.
    """
    above = None
    for layer in reversed(range(len(priors))):
        mean, scale = priors[layer](above)
        varies = vary == "all" or vary == layer + 1
        above = reparameterize(mean, scale, noise[layer]) if varies else mean
    return above


def gaussian_log_likelihood(x, mean, scale):
    r"""$\sum_i \log N(x_i; y_i, \sigma_i^2)$: (batch, ...) to (batch,), in nats.

    Args:
        x, mean: pixels and their means, shape (batch, height, width, channels).
        scale: standard deviations, of a shape that broadcasts.
    """
    terms = ops.square((x - mean) / scale) + 2.0 * ops.log(scale)
    return -0.5 * sum_units(terms + math.log(2.0 * math.pi))


def categorical_log_likelihood(x, logits):
    r"""$\sum_i \log p_i(k_i)$ of whole-number pixel values, in nats.

    Args:
        x: pixels in [0, 1], shape (batch, height, width, channels); value $k$ of $K$
            is $k / (K - 1)$.
        logits: shape (batch, height, width, channels, K).

    Returns:
        Shape (batch,). A uniform prediction gives $-\log K$ for each pixel value.
    """
    num_levels = logits.shape[-1]
    index = ops.cast(ops.round(x * (num_levels - 1)), "int32")
    normalised = logits - ops.logsumexp(logits, axis=-1, keepdims=True)
    picked = ops.take_along_axis(normalised, index[..., None], axis=-1)
    return sum_units(picked)
