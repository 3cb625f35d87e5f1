r"""Gaussian windows, divergences along a path, losses: pure functions of arrays.

Gregor, Danihelka, Graves, Rezende and Wierstra 2015 (arXiv:1502.04623), sections 2 and
3; the class canvas and the hybrid loss are those of the course project behind this
lesson. The model trains with these functions.

Images have the layout (batch, height, channels, width) here, "planes": filters of rows
and of columns are then two plain matrix products, whatever the number of channels.
`planes` and `images` go from one layout to the other.
"""

from typing import NamedTuple

import keras
from keras import ops

from lessons.toolkit.errors import UserError

LOG_STD_RANGE = (-6.0, 3.0)  # log standard deviations are kept in it, before exp
LOG_RANGE = (-7.0, 7.0)  # the three logarithms of a window


class Window(NamedTuple):
    """Where a window lies, in pixels counted from 1; each of shape (batch, 1).

    Attributes:
        x, y: its centre, along columns and along rows.
        stride: distance of its filters.
        variance: of its filters.
        intensity: factor of what is read; what is written is divided by it.
    """

    x: object
    y: object
    stride: object
    variance: object
    intensity: object


def window(numbers, height, width, size):
    r"""A window from the five numbers that the decoder emits (eqs. 22 to 24).

    $$g_X = \tfrac{A+1}{2}(\tilde g_X + 1),\quad g_Y = \tfrac{B+1}{2}(\tilde g_Y + 1),
    \quad \delta = \tfrac{\max(A, B) - 1}{N - 1} \tilde\delta$$

    Args:
        numbers: $\tilde g_X, \tilde g_Y, \log\sigma^2, \log\tilde\delta, \log\gamma$,
            shape (batch, 5).
        height, width: B and A in pixels.
        size: N, filters along an axis, at least 2.

    Returns:
        A `Window`.

    Raises:
        UserError: N is less than 2, where the stride has no meaning.
    """
    if size < 2:
        raise UserError(f"a window needs at least 2 filters along an axis, got {size}.")
    logs = ops.exp(ops.clip(numbers[:, 2:], *LOG_RANGE))
    return Window(
        x=(width + 1) / 2 * (numbers[:, 0:1] + 1),
        y=(height + 1) / 2 * (numbers[:, 1:2] + 1),
        variance=logs[:, 0:1],
        stride=(max(height, width) - 1) / (size - 1) * logs[:, 1:2],
        intensity=logs[:, 2:3],
    )


def centers(center, stride, size):
    r"""$\mu^i = g + (i - N/2 - 1/2)\,\delta$ for i = 1..N (eqs. 19 and 20).

    Args:
        center, stride: g and $\delta$, shape (batch, 1), pixels.
        size: N.

    Returns:
        Shape (batch, N), pixels counted from 1; floats, also for whole numbers.
    """
    center = _floats(center)
    steps = ops.arange(1, size + 1, dtype=center.dtype) - (size + 1) / 2
    return center + steps * stride


def _floats(values):
    """A tensor; whole numbers become floats."""
    values = ops.convert_to_tensor(values)
    kind = keras.backend.standardize_dtype(values.dtype)
    return values if "float" in kind else ops.cast(values, keras.config.floatx())


def filterbank(center, stride, variance, size, length):
    r"""N Gaussian filters along an axis of A pixels (eqs. 25 and 26).

    $$F[i, a] = \frac{1}{Z_i} \exp\left(-\frac{(a - \mu^i)^2}{2\sigma^2}\right),
    \quad a = 1 \dots A,\quad \sum_a F[i, a] = 1$$

    The division by $Z_i$ is a softmax over pixels, which is exact where all
    exponentials underflow: a filter far outside reads the pixel of the border.

    Args:
        center, stride, variance: g, $\delta$ and $\sigma^2$, shape (batch, 1).
        size: N.
        length: A.

    Returns:
        Shape (batch, N, A).
    """
    means = centers(center, stride, size)[:, :, None]
    distances = ops.arange(1, length + 1, dtype=means.dtype) - means  # (batch, N, A)
    return ops.softmax(-ops.square(distances) / (2 * variance[:, :, None]), axis=-1)


def filters(found, height, width, size):
    """The filters of rows and of columns of a `Window`: (batch, N, B), (batch, N, A).

    Args:
        found: a `Window`.
        height, width: B and A.
        size: N.
    """
    rows = filterbank(found.y, found.stride, found.variance, size, height)
    columns = filterbank(found.x, found.stride, found.variance, size, width)
    return rows, columns


def read(values, rows, columns, intensity):
    r"""A patch: $\gamma F_Y\, x\, F_X^T$ (eq. 27), for every channel.

    Args:
        values: planes x, shape (batch, B, channels, A).
        rows, columns: $F_Y$ and $F_X$, shapes (batch, N, B) and (batch, N, A).
        intensity: $\gamma$, shape (batch, 1).

    Returns:
        Shape (batch, N, channels, N): rows first, as in planes.
    """
    size, channels = rows.shape[1], values.shape[2]
    flat = ops.reshape(values, (-1, rows.shape[2], channels * columns.shape[2]))
    half = ops.reshape(rows @ flat, (-1, size * channels, columns.shape[2]))
    patch = half @ ops.swapaxes(columns, 1, 2)  # (batch, N channels, N)
    return ops.reshape(intensity[:, :, None] * patch, (-1, size, channels, size))


def write(patch, rows, columns, intensity):
    r"""What a patch adds to the canvas: $F_Y^T\, w\, F_X / \gamma$ (eq. 29).

    Args:
        patch: w, shape (batch, N, channels, N).
        rows, columns, intensity: as for `read`.

    Returns:
        Planes of shape (batch, B, channels, A).
    """
    size, channels = patch.shape[1:3]
    height, width = rows.shape[2], columns.shape[2]
    flat = ops.reshape(patch, (-1, size, channels * size))
    half = ops.swapaxes(rows, 1, 2) @ flat  # (batch, B, channels N)
    found = ops.reshape(half, (-1, height * channels, size)) @ columns
    return ops.reshape(found / intensity[:, :, None], (-1, height, channels, width))


def planes(values):
    """Images (batch, height, width, channels) as (batch, height, channels, width)."""
    return ops.swapaxes(values, 2, 3)


def images(values):
    """Planes (batch, height, channels, width) as (batch, height, width, channels)."""
    return ops.swapaxes(values, 2, 3)


def kl_standard(mean, log_std):
    r"""$KL(q \| N(0, I)) = \frac12\sum_j(\mu_j^2 + \sigma_j^2 - 1 - \log\sigma_j^2)$.

    Summed over T steps this is eq. 11, whose constant is T d / 2 (printed as T / 2).

    Args:
        mean, log_std: of q, shape (..., d).

    Returns:
        Nats, shape (...).
    """
    terms = ops.square(mean) + ops.exp(2 * log_std) - 1 - 2 * log_std
    return 0.5 * ops.sum(terms, axis=-1)


def kl_gaussians(mean, log_std, prior_mean, prior_log_std):
    r"""KL of two diagonal Gaussians, q from p: for a prior that is learned.

    $$\sum_j \log\frac{s_j}{\sigma_j} + \frac{\sigma_j^2 + (\mu_j - m_j)^2}{2 s_j^2}
    - \frac12$$

    Args:
        mean, log_std: of q, shape (..., d).
        prior_mean, prior_log_std: of p, the same shape.

    Returns:
        Nats, shape (...).
    """
    ratio = ops.exp(2 * (log_std - prior_log_std))
    gap = ops.square((mean - prior_mean) * ops.exp(-prior_log_std))
    return 0.5 * ops.sum(ratio + gap - 1 - 2 * (log_std - prior_log_std), axis=-1)


def bernoulli_loss(values, logits):
    r"""$L^x = -\log \mathrm{Bern}(x | \sigma(c_T))$, from logits (eq. 9).

    Args:
        values, logits: x in [0, 1] and c_T, shape (batch, ...).

    Returns:
        Nats, summed over pixels, shape (batch,).
    """
    costs = ops.softplus(logits) - values * logits
    return ops.sum(costs, axis=tuple(range(1, len(costs.shape))))


def gaussian_loss(values, mean, log_std):
    r"""$L^x = -\log N(x | c_T, s_T^2)$ for real pixels.

    Args:
        values, mean, log_std: shape (batch, ...).

    Returns:
        Nats, summed over pixels, shape (batch,).
    """
    half_log_two_pi = 0.9189385332046727
    costs = 0.5 * ops.square((values - mean) * ops.exp(-log_std)) + log_std
    costs = costs + half_log_two_pi
    return ops.sum(costs, axis=tuple(range(1, len(costs.shape))))


def class_canvas(logits, glimpse, code, kernel, bias):
    r"""Evidence is added up: $l_t = l_{t-1} + [r_t, z_t] W_y + b_y$.

    Args:
        logits: $l_{t-1}$, shape (batch, classes).
        glimpse: $r_t$, shape (batch, numbers of a reading).
        code: $z_t$, shape (batch, d).
        kernel, bias: $W_y$ and $b_y$.

    Returns:
        $l_t$, shape (batch, classes).
    """
    return logits + ops.concatenate([glimpse, code], axis=-1) @ kernel + bias


def class_loss(labels, logits):
    """Cross-entropy in nats, from logits, shape (batch,).

    Args:
        labels: whole numbers, shape (batch,) or (batch, 1).
        logits: shape (batch, classes).
    """
    labels = ops.reshape(ops.cast(labels, "int32"), (-1,))
    return keras.losses.sparse_categorical_crossentropy(
        labels, logits, from_logits=True
    )


def hybrid_loss(pixel_loss, kl, label_loss, weight):
    r"""$L^x + L^z + \alpha\, L^y$ of each example; the batch's loss is the mean.

    Args:
        pixel_loss, kl, label_loss: $L^x$, $L^z$ and $L^y$, nats, shape (batch,).
        weight: $\alpha$; the project takes a tenth of the batch size.

    Returns:
        Shape (batch,).
    """
    return pixel_loss + kl + weight * label_loss
