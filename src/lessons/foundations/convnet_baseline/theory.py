r"""The equations of the baseline: sizes, losses, steps, statistics, early stopping.

Sources: Kingma & Ba 2015, arXiv:1412.6980 (Adam); Nesterov 1983 in the form of Bengio,
Boulanger-Lewandowski & Pascanu 2013, arXiv:1212.0901; Ioffe & Szegedy 2015,
arXiv:1502.03167 (batch normalisation); Srivastava et al. 2014 (dropout). Pure
functions of arrays: the model and the optimizers compute with them. $z$ is a logit, $y$
a label, 0 for a cat and 1 for a dog; all losses are in nats.
"""

import math

import numpy as np
from keras import ops

from lessons.toolkit.errors import UserError

EPSILON = 1e-3  # of batch normalisation, as in Keras
ADAM_EPSILON = 1e-7  # as in Keras


def conv_size(side, kernel, stride=1, pool=1):
    r"""Side of the map after a convolution without padding, and a pool after it.

    $\lfloor (n - k)/s \rfloor + 1$, then $\lfloor \cdot / p \rfloor$.

    Args:
        side: $n$, pixels.
        kernel, stride: $k$ and $s$ of the convolution.
        pool: $p$, side and stride of the pool; 1 for none.

    Raises:
        UserError: the kernel or the pool does not fit.
    """
    size = (side - kernel) // stride + 1 if side >= kernel else 0
    if size // pool < 1:
        raise UserError(
            f"a map of side {side} is too small for a kernel of {kernel} and a pool of "
            f"{pool}. Allowed: a side of at least {kernel + stride * (pool - 1)}."
        )
    return size // pool


def _same_shape(logits, labels):
    """Refuse (n, 1) beside (n,), which would become a table of (n, n)."""
    if len(logits.shape) != len(labels.shape):
        raise UserError(
            f"logits of shape {tuple(logits.shape)} and labels of shape "
            f"{tuple(labels.shape)} differ in their number of axes. Allowed: one shape."
        )


def binary_cross_entropy(logits, labels):
    r"""$-y \log p - (1-y) \log(1-p) = \max(z, 0) - z y + \log(1 + e^{-|z|})$, nats.

    With $p = \sigma(z)$. The right side never takes the exponential of a positive
    number, so it is finite for every logit.

    Args:
        logits: $z$, any shape.
        labels: $y$ in [0, 1], the same shape.

    Returns:
        The same shape.
    """
    logits = ops.convert_to_tensor(logits)
    labels = ops.convert_to_tensor(labels)
    _same_shape(logits, labels)
    labels = ops.cast(labels, logits.dtype)
    correction = ops.log1p(ops.exp(-ops.abs(logits)))
    return ops.maximum(logits, 0.0) - logits * labels + correction


def binary_cross_entropy_gradient(logits, labels):
    r"""$\partial \mathrm{BCE} / \partial z = p - y$: predicted minus wanted.

    Args:
        logits, labels: as for `binary_cross_entropy`.
    """
    logits = ops.convert_to_tensor(logits)
    labels = ops.convert_to_tensor(labels)
    _same_shape(logits, labels)
    return ops.sigmoid(logits) - ops.cast(labels, logits.dtype)


def softmax_cross_entropy(logits, labels):
    r"""$\log(e^{z_0} + e^{z_1}) - z_y$: the two-way softmax, in nats.

    Equal to `binary_cross_entropy` of $z_1 - z_0$.

    Args:
        logits: $(z_0, z_1)$, shape (batch, 2).
        labels: 0 or 1, shape (batch,).

    Returns:
        Shape (batch,).
    """
    logits = ops.convert_to_tensor(logits)
    chosen = ops.one_hot(ops.cast(labels, "int32"), 2, dtype=logits.dtype)
    return ops.logsumexp(logits, axis=-1) - ops.sum(chosen * logits, axis=-1)


def nesterov_step(weights, momentum, gradient, rate, mu):
    r"""One step with Nesterov's momentum: `(weights, momentum)`, both new.

    $m' = \mu m - \eta g$, $w' = w + \mu m' - \eta g$
    (arXiv:1212.0901, section 3.5). With $\theta = w - \mu m$ it is the
    step that takes the gradient at the point $\theta + \mu m$ ahead.

    Args:
        weights, momentum, gradient: $w$, $m$ and $g(w)$, one shape.
        rate: $\eta$.
        mu: $\mu$ in [0, 1); 0 is plain gradient descent.
    """
    momentum = mu * momentum - rate * gradient
    return weights + mu * momentum - rate * gradient, momentum


def adam_step(
    weights,
    first,
    second,
    gradient,
    step,
    rate,
    beta_1=0.9,
    beta_2=0.999,
    epsilon=ADAM_EPSILON,
    sqrt=np.sqrt,
):
    r"""One step of Adam: `(weights, first, second)`, all new.

    $m' = \beta_1 m + (1-\beta_1) g$, $v' = \beta_2 v + (1-\beta_2) g^2$,
    $w' = w - \alpha_t\, m' / (\sqrt{v'} + \epsilon)$ with
    $\alpha_t = \alpha \sqrt{1-\beta_2^t} / (1-\beta_1^t)$: the form at the end of
    section 2 of arXiv:1412.6980, which Keras takes too. Algorithm 1 adds its $\epsilon$
    *after* the correction, which is $\epsilon\sqrt{1-\beta_2^t}$ here.

    Args:
        weights, first, second, gradient: $w$, $m$, $v$, $g$, one shape.
        step: $t$, from 1.
        rate: $\alpha$.
        beta_1, beta_2: memories, in [0, 1).
        epsilon: $\epsilon$.
        sqrt: the root, `keras.ops.sqrt` for tensors.
    """
    first = first + (1 - beta_1) * (gradient - first)
    second = second + (1 - beta_2) * (gradient * gradient - second)
    rate = rate * sqrt(1 - beta_2**step) / (1 - beta_1**step)
    return weights - rate * first / (sqrt(second) + epsilon), first, second


def batch_norm(values, gamma, beta, epsilon=EPSILON, released=False):
    r"""$y = \gamma (x - \mathrm{mean}) / \sqrt{\mathrm{var} + \epsilon} + \beta$.

    Mean and variance over all axes but the last (arXiv:1502.03167, algorithm 1).

    Args:
        values: $x$, shape (..., channels).
        gamma, beta: shape (channels,), or numbers.
        epsilon: $\epsilon$.
        released: divide by $\mathrm{std} + \epsilon$, as the course project's code did.
    """
    values = ops.convert_to_tensor(values)
    axes = tuple(range(len(values.shape) - 1))
    centred = values - ops.mean(values, axis=axes)
    variance = ops.mean(ops.square(centred), axis=axes)
    scale = ops.sqrt(variance) + epsilon if released else ops.sqrt(variance + epsilon)
    return gamma * centred / scale + beta


def dropout(values, rate, draws):
    r"""Inverted dropout: $x / (1-p)$ where the draw is at least $p$, else 0.

    The mean stays $x$, the variance is $x^2 p / (1-p)$.

    Args:
        values: $x$, any shape.
        rate: $p$ in [0, 1).
        draws: uniform on [0, 1), a shape that broadcasts with the values.
    """
    return np.where(draws >= rate, values / (1 - rate), 0.0)


def feature_statistics(images):
    r"""Mean and deviation of each feature: of each pixel and channel by itself.

    Args:
        images: shape (n, ...), whole numbers or floats: of the training set alone.

    Returns:
        (mean, deviation), float32, of the shape of one image; the deviation of a
        constant feature counts as 1, so that it becomes 0 and nothing is divided by 0.
    """
    images = np.asarray(images)
    if not len(images):
        raise UserError("images must hold at least one image, got none.")
    mean = images.mean(axis=0, dtype=np.float64)
    deviation = images.std(axis=0, dtype=np.float64)
    # A constant that float64 does not hold exactly has a deviation of its rounding.
    constant = deviation <= 1e-12 * np.maximum(np.abs(mean), 1e-12)
    deviation = np.where(constant, 1.0, deviation)
    return mean.astype(np.float32), deviation.astype(np.float32)


def early_stop(losses, patience):
    """When training stops, and which epoch's weights are kept, both from 0.

    Stops when the number of epochs since the best one reaches the patience. Only a
    smaller loss is better: of equal ones the earliest stays the best, and NaN is never
    better.

    Args:
        losses: validation loss of each epoch, at least one.
        patience: epochs to wait, at least 1.

    Returns:
        (stop, best): the last epoch that is trained, and the best one.

    Raises:
        UserError: there is no loss, or the patience is below 1.
    """
    if len(losses) == 0 or patience < 1:
        raise UserError(
            "early stopping needs at least one loss and a patience of at least 1, got "
            f"{len(losses)} losses and patience={patience!r}."
        )
    best, least, waited = 0, math.inf, 0
    for epoch, loss in enumerate(losses):
        if loss < least:
            best, least, waited = epoch, loss, 0
            continue
        waited += 1
        if waited == patience:
            return epoch, best
    return len(losses) - 1, best
