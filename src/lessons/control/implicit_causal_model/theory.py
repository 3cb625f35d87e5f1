r"""Losses of implicit causal models; Tran & Blei 2018, arXiv:1710.10742.

Genotypes $x_{nm}$ are Binomial(2, $\pi_{nm}$) given a person's latent $z_n$; the trait
is $y_n = f(x_n, z_n, e_n)$ with noise $e_n$ inside the function, so its density is
implied and not evaluated. All logarithms are natural.
"""

import math

from keras import ops

LOG_2 = math.log(2.0)
HALF_LOG_2PI = 0.5 * math.log(2 * math.pi)


def snp_log_lik(x, logits):
    r"""$\log p(x \mid \pi)$ of Binomial(2, $\pi$), entry by entry.

    $x \log \pi + (2 - x) \log(1 - \pi)$, and $\log 2$ for one copy, which two ways lead
    to. Missing genotypes (below 0) count 0.

    Args:
        x: genotypes 0, 1, 2, or a negative number where none is known.
        logits: of $\pi$, same shape.
    """
    logits = ops.convert_to_tensor(logits)
    x = ops.cast(x, logits.dtype)
    terms = -x * ops.softplus(-logits) - (2.0 - x) * ops.softplus(logits)
    terms = terms + LOG_2 * ops.cast(ops.equal(x, 1.0), logits.dtype)
    return ops.where(x < 0, ops.zeros_like(terms), terms)


def gaussian_kl(mean, log_sd):
    r"""KL of $N(\mu, s^2)$ to $N(0, 1)$, $(s^2 + \mu^2 - 1)/2 - \log s$, per entry."""
    return 0.5 * (ops.exp(2.0 * log_sd) + ops.square(mean) - 1.0) - log_sd


def gaussian_nll(y, mean, log_sd):
    """Minus the log-density of N(mean, sd²) at y, entry by entry.

    Args:
        y: values.
        mean, log_sd: of the distribution, same shape.
    """
    return HALF_LOG_2PI + log_sd + 0.5 * ops.square(y - mean) * ops.exp(-2.0 * log_sd)


def ratio_loss(simulated, observed):
    r"""$-\log \sigma(r)$ at simulated, $-\log(1 - \sigma(r))$ at observed traits.

    The sum of both, per example. With enough capacity its minimum is at
    $r = \log p(y \mid \cdot) - \log q(y \mid \cdot)$ and has the value
    $2 \log 2 - 2\,\mathrm{JSD}(p, q)$.

    Args:
        simulated: r where y came from the model.
        observed: r where y came from the data.
    """
    return ops.softplus(-simulated) + ops.softplus(observed)


def group_lasso(kernel, num_groups):
    r"""$\sum_m \|W_m\|_2$ over the first rows of a kernel, one row for each SNP.

    A tiny number under the root keeps the slope finite where all of a row is 0.

    Args:
        kernel: first-layer weights, shape (inputs, units).
        num_groups: how many of the first inputs are SNPs.
    """
    rows = ops.cast(kernel[:num_groups], "float32")
    return ops.sum(ops.sqrt(ops.sum(ops.square(rows), axis=1) + 1e-12))
