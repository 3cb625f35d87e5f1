r"""Bounds of sequences and densities of what a step emits; the model trains with them.

Pure functions of arrays in `keras.ops`, after Chung et al. 2015 (arXiv:1506.02216).
Densities of Gaussians and of their mixtures are in `lessons.toolkit.mixtures`. All
results are in nats and float32 at least.
"""

import math

import keras
from keras import ops

from lessons.toolkit import mixtures


def selected(values, mask, other=0.0):
    """Values where a mask holds, another number elsewhere: NaN there does no harm.

    For gradients too where the *inputs* of what may be infinite are selected: the
    derivative of a number that is not selected is 0, and 0 times infinity is NaN.

    Args:
        values: shape (batch, time, ...).
        mask: which steps count, bool or numbers, shape (batch, time); None for all.
        other: what stands elsewhere.
    """
    if mask is None:
        return values
    mask = ops.cast(mask, "bool")
    mask = ops.reshape(mask, (*ops.shape(mask), *[1] * (len(values.shape) - 2)))
    return ops.where(mask, values, ops.cast(other, values.dtype))


def sequence_bound(log_prob, divergence, mask=None):
    r"""The bound of a sequence, eq. 11 (arXiv:1506.02216), of one sample of $z$.

    $$F = \sum_t \left[\log p(x_t|z_{\le t}, x_{<t}) - KL(q(z_t|x_{\le t}, z_{<t}) \|
    p(z_t|x_{<t}, z_{<t}))\right] \le \log p(x_{1:T})$$ (in expectation)

    Args:
        log_prob: $\log p(x_t|\cdot)$ in nats, shape (batch, time).
        divergence: KL of each step in nats, shape (batch, time).
        mask: which steps count, shape (batch, time); None for all.

    Returns:
        Shape (batch,), a sum over time; 0 for a sequence without any step.
    """
    return ops.sum(selected(log_prob - divergence, mask), axis=1)


def path_log_weight(log_prob, log_prior, log_posterior, mask=None):
    r"""Log weight of a sampled path, $\log \frac{p(x_{1:T}, z_{1:T})}{q(z_{1:T}|x)}$.

    $$\sum_t \left[\log p(x_t|\cdot) + \log p(z_t|\cdot) - \log q(z_t|\cdot)\right]$$

    Args:
        log_prob, log_prior, log_posterior: of the path, shape (batch, time).
        mask: which steps count, shape (batch, time); None for all.

    Returns:
        Shape (batch,).
    """
    return ops.sum(selected(log_prob + log_prior - log_posterior, mask), axis=1)


def importance_weighted(log_weights):
    r"""Estimate from S independent paths, $\log \frac1S \sum_s e^{w_s}$.

    Its expectation is a lower bound of $\log p(x)$ that rises with S (Burda et al.
    2016, arXiv:1509.00519); S = 1 is the plain bound.

    Args:
        log_weights: $w_s$ of whole sequences, shape (S, batch).

    Returns:
        Shape (batch,).
    """
    return ops.logsumexp(log_weights, axis=0) - math.log(log_weights.shape[0])


def positive(raw, floor):
    r"""Standard deviation from a number without bounds, $\mathrm{softplus}(a) + f$.

    Args:
        raw: any shape.
        floor: least standard deviation: without one a dimension that has no noise is
            worth as many nats as one likes.
    """
    return ops.softplus(ops.cast(raw, "float32")) + floor


def full_gaussian_log_prob(x, mean, scale, mixing):
    r"""Gaussian with a full covariance, by its precision's factor.

    $$u = \frac{x - \mu}{s},\quad v = u - M u,\quad \log p = -\tfrac12 \|v\|^2
    - \sum_d \log s_d - \tfrac D2 \log 2\pi$$

    $M$ is strictly lower triangular, so $I - M$ has determinant 1: each dimension is
    predicted from those before it. Every covariance has this form.

    Args:
        x, mean, scale: shape (..., dim).
        mixing: $M$, shape (..., dim, dim); what is not below the diagonal is ignored.

    Returns:
        Shape (...,).
    """
    x, mean, scale, mixing = (
        ops.convert_to_tensor(a) for a in (x, mean, scale, mixing)
    )
    kinds = {keras.backend.standardize_dtype(a.dtype) for a in (x, mean, scale, mixing)}
    kind = "float64" if "float64" in kinds else "float32"
    x, mean, scale, mixing = (ops.cast(a, kind) for a in (x, mean, scale, mixing))
    u = (x - mean) / scale
    below = ops.tril(mixing, k=-1)
    v = u - ops.squeeze(below @ u[..., None], axis=-1)
    nothing = ops.zeros_like(v)
    white = mixtures.gaussian_log_prob(v, nothing, ops.ones_like(v))
    return white - ops.sum(ops.log(scale), axis=-1)


def pen_log_prob(x, logits, means, scales, correlations, pen_logit):
    r"""Log density of a pen's step: where it moves, and whether it is lifted.

    $$\log \sum_k \pi_k N_2(\Delta x, \Delta y; \mu_k, s_k, \rho_k)
    + e \log b + (1 - e) \log(1 - b)$$

    Args:
        x: $(\Delta x, \Delta y, e)$, shape (..., 3).
        logits, correlations: of the mixture, shape (..., components).
        means, scales: shape (..., components, 2).
        pen_logit: $\log b / (1 - b)$, shape (...,).

    Returns:
        Shape (...,).
    """
    moved = mixtures.bivariate_mixture_log_prob(
        x[..., :2], logits, means, scales, correlations
    )
    pen, lifted = (ops.cast(a, moved.dtype) for a in (pen_logit, x[..., 2]))
    return moved - ops.softplus(pen) + lifted * pen


def symbol_log_prob(symbols, logits):
    """Log probability of symbols, the negative cross-entropy.

    Args:
        symbols: whole numbers, shape (...,).
        logits: shape (..., alphabet).

    Returns:
        Shape (...,).
    """
    logs = ops.log_softmax(ops.cast(logits, "float32"), axis=-1)
    index = ops.cast(symbols, "int32")[..., None]
    return ops.take_along_axis(logs, index, axis=-1)[..., 0]
