r"""Losses, schedules, paths between codes: pure functions; models train with them.

Ha and Eck 2017 (arXiv:1704.03477). A drawing is stroke-5 rows
$S_i = (\Delta x, \Delta y, p_1, p_2, p_3)$, $i = 1 \dots N_{max}$, of which $N_s$ are
real. The decoder gives $6M + 3$ numbers a step. Densities are `toolkit.mixtures`'s.
"""

import typing

import numpy as np
from keras import ops

from lessons.toolkit import mixtures
from lessons.toolkit.errors import UserError

NUM_STATES = 3  # of the pen: down, lifted, finished
# |rho| stays below: a tanh alone is 1 in float32 from 9.1 on, the density infinite.
CORRELATION_LIMIT = 0.99


class Step(typing.NamedTuple):
    r"""What one step's numbers mean; leading axes are those of the numbers.

    Attributes:
        pen_logits: $\hat q$, shape (..., 3).
        weight_logits: $\hat\Pi$, shape (..., M).
        means: $\mu_x, \mu_y$, shape (..., M, 2).
        scales: $\sigma_x, \sigma_y = e^{\hat\sigma}$, shape (..., M, 2).
        correlations: $\rho = 0.99 \tanh\hat\rho$, shape (..., M).
    """

    pen_logits: typing.Any
    weight_logits: typing.Any
    means: typing.Any
    scales: typing.Any
    correlations: typing.Any


def step_of(numbers, num_mixtures):
    r"""Take the numbers of a step apart: pen first, then six blocks of M (eq. 4-6).

    Args:
        numbers: shape (..., 6M + 3), in the order
            $\hat q, \hat\Pi, \mu_x, \mu_y, \hat\sigma_x, \hat\sigma_y, \hat\rho$.
        num_mixtures: M.

    Returns:
        A `Step`.

    Raises:
        UserError: the numbers are no $6M + 3$.
    """
    expected = 6 * num_mixtures + NUM_STATES
    if numbers.shape[-1] != expected:
        raise UserError(
            f"a step of {num_mixtures} components has {expected} numbers, got "
            f"{numbers.shape[-1]}."
        )
    pen, blocks = numbers[..., :NUM_STATES], numbers[..., NUM_STATES:]
    weights, x, y, log_x, log_y, raw = ops.split(blocks, 6, axis=-1)
    return Step(
        pen,
        weights,
        ops.stack([x, y], axis=-1),
        ops.exp(ops.stack([log_x, log_y], axis=-1)),
        CORRELATION_LIMIT * ops.tanh(raw),
    )


def offset_losses(step, rows):
    r"""$-\log \sum_j \Pi_j N(\Delta x, \Delta y \mid \mu_j, \sigma_j, \rho_j)$ (eq. 9).

    Args:
        step: a `Step` of shapes (batch, N_max, ...).
        rows: stroke-5, shape (batch, N_max, 5).

    Returns:
        Nats of each point, shape (batch, N_max); 0 after a drawing's end.
    """
    log_density = mixtures.bivariate_mixture_log_prob(
        rows[..., :2], step.weight_logits, step.means, step.scales, step.correlations
    )
    real = rows[..., 4] < 0.5
    return ops.where(real, -log_density, 0.0)


def pen_losses(step, rows):
    r"""$-\sum_k p_k \log q_k$ of every row, padding too (eq. 9); shape (batch, N_max).

    Args:
        step: a `Step`.
        rows: stroke-5, shape (batch, N_max, 5).
    """
    return -ops.sum(rows[..., 2:5] * ops.log_softmax(step.pen_logits, axis=-1), axis=-1)


def reconstruction_loss(step, rows):
    r"""$L_R = L_s + L_p$, both sums divided by $N_{max}$ (eq. 9), shape (batch,).

    Args:
        step: a `Step`.
        rows: stroke-5, shape (batch, N_max, 5).
    """
    both = offset_losses(step, rows) + pen_losses(step, rows)
    return ops.mean(both, axis=-1)


def kl_loss(mean, log_var):
    r"""$-\frac{1}{2N_z}\sum(1 + \hat\sigma - \mu^2 - e^{\hat\sigma})$ (eq. 10).

    The *mean* over dimensions, in nats: one drawing's divergence is $N_z$ times it.

    Args:
        mean, log_var: $\mu$ and $\hat\sigma$, the log of the variance, (batch, N_z).

    Returns:
        Shape (batch,).
    """
    return -0.5 * ops.mean(1 + log_var - mean**2 - ops.exp(log_var), axis=-1)


def annealed(update, start, rate):
    r"""$\eta_t = 1 - (1 - \eta_{min}) R^t$ (eq. 11).

    Args:
        update: $t$, updates done.
        start: $\eta_{min}$, from 0 to 1.
        rate: R, from 0 to 1; with 0 it is $\eta_{min}$ at $t = 0$ and 1 after that.
    """
    return 1 - (1 - start) * ops.power(ops.cast(rate, "float32"), update)


def kl_term(kl, weight, floor, eta):
    r"""$w_{KL}\, \eta_t \max(L_{KL}, KL_{min})$ (eq. 11).

    Below the floor the gradient of the divergence is exactly 0.

    Args:
        kl: mean of $L_{KL}$ over the batch.
        weight, floor, eta: $w_{KL}$, $KL_{min}$, $\eta_t$.
    """
    return weight * eta * ops.maximum(kl, floor)


def per_drawing(reconstruction, kl, max_length, latent_dim):
    r"""Nats of one drawing, $N_{max} L_R + N_z L_{KL}$: minus an evidence bound.

    Args:
        reconstruction, kl: $L_R$ and $L_{KL}$, which are divided by different numbers.
        max_length, latent_dim: $N_{max}$ and $N_z$; `latent_dim` 0 without a code.
    """
    return max_length * reconstruction + latent_dim * kl


def lerp(first, second, place):
    """The straight line between two codes.

    Args:
        first, second: shape (N_z,).
        place: t from 0 to 1, a number or shape (n,).

    Returns:
        Shape (N_z,), or (n, N_z).
    """
    t = np.asarray(place, float)[..., None]
    return (1 - t) * np.asarray(first, float) + t * np.asarray(second, float)


def slerp(first, second, place):
    r"""The arc between two codes.

    $$\frac{\sin((1-t)\Omega)}{\sin\Omega} z_0 + \frac{\sin(t\Omega)}{\sin\Omega} z_1$$

    $\Omega$ is the angle between the codes (White 2016, arXiv:1609.04468). Where its
    sine is below 1e-4 (the same direction, opposite ones, a zero) it is `lerp`.

    Args:
        first, second: shape (N_z,).
        place: t from 0 to 1, a number or shape (n,).

    Returns:
        Shape (N_z,), or (n, N_z).
    """
    first, second = np.asarray(first, float), np.asarray(second, float)
    lengths = np.linalg.norm(first) * np.linalg.norm(second)
    cosine = np.clip(first @ second / lengths, -1, 1) if lengths else 1.0
    angle = np.arccos(cosine)
    if np.sin(angle) < 1e-4:
        return lerp(first, second, place)
    t = np.asarray(place, float)[..., None]
    parts = np.sin((1 - t) * angle) * first + np.sin(t * angle) * second
    return parts / np.sin(angle)


def at_temperature(step, temperature, squared=False):
    r"""$\hat q/\tau$, $\hat\Pi/\tau$, $\sigma^2 \to \sigma^2\tau$ (eq. 8).

    Args:
        step: a `Step`.
        temperature: $\tau$, above 0.
        squared: $\sigma^2 \to \sigma^2\tau^2$ instead, as the official code has it.

    Returns:
        A `Step`; means and correlations stay.
    """
    tau = ops.cast(temperature, step.pen_logits.dtype)
    factor = tau if squared else ops.sqrt(tau)
    return step._replace(
        pen_logits=step.pen_logits / tau,
        weight_logits=step.weight_logits / tau,
        scales=step.scales * factor,
    )
