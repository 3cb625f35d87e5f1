r"""Procrustes, the orthogonality step and the game's losses: pure functions.

Equations are numbered as in Conneau et al. 2018 (arXiv:1710.04087). Words are *rows*
here: X has shape (n, d), the mapping W shape (d, d), and a mapped word is $W x$, all of
them $X W^\top$.
"""

import numpy as np
from keras import ops

from lessons.toolkit.errors import UserError


def procrustes(x, y):
    r"""The orthogonal W nearest to taking x to y (eq. 2): $W = U V^\top$.

    $$W = \arg\min_{W \in O(d)} \|X W^\top - Y\|_F^2,\quad U S V^\top = Y^\top X$$

    Where $Y^\top X$ has a singular value 0 there are several; this is one of them.

    Args:
        x, y: pairs of words, row by row, shape (n, d) each.

    Returns:
        W, float64 of shape (d, d); its determinant may be -1.

    Raises:
        UserError: the shapes differ, there are no pairs, or a number is not finite.
    """
    x, y = checked_pairs(x, y)
    left, _, right = np.linalg.svd(y.T @ x)
    return left @ right


def procrustes_loss(x, y):
    r"""Least value of $\|X W^\top - Y\|_F^2$ over O(d), without computing W.

    $$\|X\|_F^2 + \|Y\|_F^2 - 2 \sum_i s_i(Y^\top X)$$

    Args:
        x, y: pairs of words, row by row, shape (n, d) each.
    """
    x, y = checked_pairs(x, y)
    values = np.linalg.svd(y.T @ x, compute_uv=False)
    return float(np.sum(x**2) + np.sum(y**2) - 2 * np.sum(values))


def least_squares_map(x, y):
    r"""Any W that takes x to y best (eq. 1): $\arg\min_W \|X W^\top - Y\|_F^2$.

    Args:
        x, y: pairs of words, row by row, shape (n, d) each.

    Returns:
        W, float64 of shape (d, d), the one of least norm if there are several.
    """
    x, y = checked_pairs(x, y)
    return np.linalg.lstsq(x, y, rcond=None)[0].T


def nearest_orthogonal(mapping):
    """The orthogonal matrix nearest to a matrix: its polar factor.

    Args:
        mapping: shape (..., d, d).
    """
    left, _, right = np.linalg.svd(np.asarray(mapping, float))
    return left @ right


def checked_pairs(x, y):
    """Two arrays of as many words, as float64; anything else is a `UserError`."""
    x, y = (np.asarray(a, float) for a in (x, y))
    if x.ndim != 2 or x.shape != y.shape or not x.size:
        raise UserError(
            "pairs of words are two arrays of the same shape (n, d) with n at least 1, "
            f"got {x.shape} and {y.shape}."
        )
    if not (np.all(np.isfinite(x)) and np.all(np.isfinite(y))):
        raise UserError("vectors of words must be finite, got NaN or infinity.")
    return x, y


def orthogonalize(mapping, beta):
    r"""A step towards the orthogonal matrices (eq. 7): $W \leftarrow
    (1+\beta)W - \beta W W^\top W$.

    It is gradient descent, $W - \frac\beta4 \nabla \|W^\top W - I\|_F^2$, and takes
    each singular value to $(1 + \beta)\sigma - \beta\sigma^3$, with the same vectors.
    A singular value above $\sqrt{(2+\beta)/\beta}$ grows without limit.

    Args:
        mapping: W, tensor of shape (..., d, d).
        beta: at least 0; 1/2 is a Newton-Schulz step, which converges quadratically.
    """
    gram = ops.matmul(mapping, ops.swapaxes(mapping, -1, -2))
    return (1 + beta) * mapping - beta * ops.matmul(gram, mapping)


def projected(mapping, steps=15):
    r"""The nearest orthogonal matrices, by steps of `orthogonalize` with $\beta = 1/2$.

    W is first divided by its norm, which changes no singular vector and keeps every
    singular value where these steps converge.

    Args:
        mapping: W, tensor of shape (..., d, d).
        steps: of Newton and Schulz; 15 suffice for singular values down to a hundredth
            of the norm.
    """
    norm = ops.sqrt(ops.sum(ops.square(mapping), axis=(-2, -1), keepdims=True))
    mapping = mapping / ops.maximum(norm, 1e-12)
    for _ in range(steps):
        mapping = orthogonalize(mapping, 0.5)
    return mapping


def cross_entropy(logits, target):
    r"""$-t \log P - (1-t) \log(1-P)$, $P = \mathrm{sigmoid}(\mathrm{logit})$, in nats.

    Args:
        logits: any shape; computed in float32.
        target: t, a number from 0 to 1.
    """
    logits = ops.cast(logits, "float32")
    return ops.softplus(logits) - target * logits


def discriminator_loss(source_logits, target_logits, smoothing):
    r"""What a discriminator minimises (eq. 3), as a mean over both languages.

    $$L_D = \tfrac12\Big[\tfrac1n\sum_i H(1 - s, P(W x_i)) + \tfrac1m \sum_j H(s,
    P(y_j))\Big]$$

    P is the probability of "source", H the cross-entropy `cross_entropy`, s the
    smoothing. The paper writes the sum of both means, which is twice this; the factor
    is that of the released code.

    Args:
        source_logits: of mapped source words, shape (..., n).
        target_logits: of target words, shape (..., m).
        smoothing: s, from 0 to 1/2.

    Returns:
        Nats, shape (...).
    """
    source = ops.mean(cross_entropy(source_logits, 1 - smoothing), axis=-1)
    target = ops.mean(cross_entropy(target_logits, smoothing), axis=-1)
    return (source + target) / 2


def mapping_loss(source_logits, target_logits, smoothing):
    r"""What the mapping minimises (eq. 4): the same with the labels exchanged.

    Only its first half depends on W.

    Args:
        source_logits: of mapped source words, shape (..., n).
        target_logits: of target words, shape (..., m).
        smoothing: s, from 0 to 1/2.

    Returns:
        Nats, shape (...).
    """
    return discriminator_loss(target_logits, source_logits, smoothing)
