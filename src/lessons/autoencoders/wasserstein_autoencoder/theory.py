r"""Costs and penalties of Wasserstein autoencoders (Tolstikhin et al. 2018).

Pure functions of arrays, written with `keras.ops`. Names follow arXiv:1711.01558: data
$x \sim P_X$, codes $q \sim Q_Z$ of data, draws $z$ from the prior
$P_Z = N(0, s^2 I)$ and a decoder $G$. The objective (eq. 4) is
$$\inf_Q E_{P_X} E_{Q(Z|X)}\, c(X, G(Z)) + \lambda\, D_Z(Q_Z, P_Z).$$
"""

import math

from keras import ops

from lessons.autoencoders.vae.theory import squared_error
from lessons.toolkit.errors import UserError, unknown

COSTS = ("squared", "euclidean")
# Factors of the authors' code: the kernel is a sum over these multiples of 2 d s^2.
SCALES = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
_SMALLEST = 1e-12  # under a root, whose slope at zero is infinite


def transport_cost(x, y, kind="squared"):
    r"""$c(x, y)$: $\|x - y\|^2$ (summed over pixels) or $\|x - y\|$.

    Args:
        x, y: shape (batch, ...).
        kind: one of `COSTS`; with "squared" the optimum is $W_2^2$, with "euclidean"
            it is $W_1$.

    Returns:
        Shape (batch,).

    Raises:
        UserError: no such cost.
    """
    if kind not in COSTS:
        raise unknown("cost", kind, COSTS)
    error = squared_error(x, y)
    if kind == "squared":
        return error
    return ops.sqrt(error + _SMALLEST)


def squared_distances(x, y):
    r"""$\|x_i - y_j\|^2$ of all pairs, (n, d) and (m, d) to (n, m); never negative.

    By $\|x\|^2 + \|y\|^2 - 2 x \cdot y$, which rounding can make slightly negative.

    Args:
        x, y: shapes (n, d) and (m, d).

    Returns:
        Shape (n, m).
    """
    lengths = ops.sum(ops.square(x), -1)[:, None] + ops.sum(ops.square(y), -1)
    return ops.maximum(lengths - 2.0 * ops.matmul(x, ops.transpose(y)), 0.0)


def imq_kernel(squared, constant):
    r"""Inverse multiquadratic kernel $C / (C + r^2)$ of squared distances $r^2$.

    Args:
        squared: $r^2$, any shape.
        constant: $C$; $2 d s^2$ is the mean squared distance of two prior draws.
    """
    return constant / (constant + squared)


def rbf_kernel(squared, variance):
    r"""Gaussian kernel $\exp(-r^2 / 2\sigma^2)$ of squared distances.

    Args:
        squared: $r^2$, any shape.
        variance: $\sigma^2$.
    """
    return ops.exp(-squared / (2.0 * variance))


def multiscale_imq(latent_dim, prior_scale=1.0, scales=SCALES):
    r"""The kernel of WAE-MMD: IMQ kernels of $C = 2 d s^2$ times each scale, summed.

    Args:
        latent_dim: $d$.
        prior_scale: $s$.
        scales: the factors.

    Returns:
        A function of squared distances.
    """
    constant = 2.0 * latent_dim * prior_scale**2

    def kernel(squared):
        return sum(imq_kernel(squared, constant * scale) for scale in scales)

    return kernel


def median_variance(prior, codes):
    r"""$\sigma^2$ of the Gaussian kernel by the median heuristic of the authors' code.

    Args:
        prior, codes: shapes (n, d) and (m, d).

    Returns:
        Median squared distance between prior draws and codes, plus that among codes;
        a scalar without gradient.
    """
    between = ops.median(squared_distances(prior, codes))
    return ops.stop_gradient(between + ops.median(squared_distances(codes, codes)))


def mmd_u(prior, codes, kernel):
    r"""Unbiased estimate of $MMD_k^2(P_Z, Q_Z)$ (algorithm 2); it may be negative.

    $$\frac{1}{n(n-1)} \sum_{i \ne j} k(z_i, z_j)
      + \frac{1}{m(m-1)} \sum_{i \ne j} k(q_i, q_j)
      - \frac{2}{nm} \sum_{ij} k(z_i, q_j)$$

    Args:
        prior: $z$, shape (n, d).
        codes: $q$, shape (m, d).
        kernel: a function of squared distances.

    Returns:
        A scalar. A sample of one, which has no pairs, gives a term of zero.

    Raises:
        UserError: codes and draws are of different sizes.
    """
    if prior.shape[-1] != codes.shape[-1] or len(prior.shape) != 2:
        raise UserError(
            "prior draws and codes must have shapes (n, d) and (m, d), got "
            f"{tuple(prior.shape)} and {tuple(codes.shape)}."
        )
    between = ops.mean(kernel(squared_distances(prior, codes)))
    return (
        mean_over_pairs(prior, kernel) + mean_over_pairs(codes, kernel) - 2.0 * between
    )


def mean_over_pairs(points, kernel):
    """Mean of the kernel over all pairs of different points, a scalar.

    Args:
        points: shape (n, dimension).
        kernel: a function of squared distances.
    """
    values = kernel(squared_distances(points, points))
    count = ops.cast(ops.shape(points)[0], values.dtype)
    total = ops.sum(values) - ops.sum(ops.diagonal(values))
    return total / ops.maximum(count * (count - 1.0), 1.0)


def mmd_v(prior, codes, kernel):
    r"""The biased estimate with all pairs and $1/n^2$: never negative.

    If both distributions are equal its mean is $\frac2n (1 - E k(z, z'))$, not zero.

    Args:
        prior, codes, kernel: as for `mmd_u`.
    """
    first, second, between = (
        ops.mean(kernel(squared_distances(a, b)))
        for a, b in ((prior, prior), (codes, codes), (prior, codes))
    )
    return first + second - 2.0 * between


def discriminator_loss(prior_logits, code_logits):
    r"""$-\log D(z) - \log(1 - D(q))$ from logits (algorithm 1), in nats.

    Its least mean over all $D$ is $2 \log 2 - 2\, JS(P_Z, Q_Z)$.

    Args:
        prior_logits, code_logits: of the discriminator, shape (batch,).

    Returns:
        Shape (batch,).
    """
    return ops.softplus(-prior_logits) + ops.softplus(code_logits)


def encoder_loss(code_logits):
    r"""$-\log D(q)$ from logits: the non-saturating penalty of WAE-GAN, (batch,)."""
    return ops.softplus(-code_logits)


def log_prior(codes, prior_scale=1.0):
    r"""$\log N(z; 0, s^2 I)$ in nats, shape (batch,).

    Added to the discriminator's logit, it leaves the network only $-\log q_Z(z)$ to
    learn, since the best logit is $\log p_Z - \log q_Z$.

    Args:
        codes: shape (batch, d).
        prior_scale: $s$.
    """
    constant = 0.5 * codes.shape[-1] * math.log(2.0 * math.pi * prior_scale**2)
    return -0.5 * ops.sum(ops.square(codes / prior_scale), axis=-1) - constant


def moment_gap(prior, codes):
    r"""Pre-training loss: squared gaps of means and covariances, averaged over entries.

    Args:
        prior, codes: shape (n, d), n at least 2.

    Returns:
        A scalar; zero if the two samples share both moments.
    """
    (mean_z, cov_z), (mean_q, cov_q) = _moments(prior), _moments(codes)
    return ops.mean(ops.square(mean_z - mean_q)) + ops.mean(ops.square(cov_z - cov_q))


def _moments(points):
    mean = ops.mean(points, axis=0)
    centred = points - mean
    count = ops.cast(ops.shape(points)[0], points.dtype)
    return mean, ops.matmul(ops.transpose(centred), centred) / (count - 1.0)
