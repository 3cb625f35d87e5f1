r"""The equations of stimulated learning, Tan, Sim & Gales 2015 (ASRU, pp. 617-623).

The paper's equation numbers were not available: the equations are those of the first
author's public code. A hidden layer has $n = RC$ units; unit $i$ stands at the grid
point $s_i = (\mathrm{column}, \mathrm{row})$, row by row. Functions of the grid are
NumPy in float64; functions that training calls are pure functions of tensors.
Divergences are in nats.
"""

import numpy as np
from keras import ops
from scipy.special import logsumexp

from lessons.toolkit.errors import UserError, unknown

EPSILON = 1e-12  # added to values before a logarithm, and below a root
FAR = -1e9  # logarithm of a target that is not there
DIRECTIONS = ("forward", "reverse", "symmetric")


def check_grid(rows, columns):
    """Raise `UserError` unless there are rows and columns."""
    if min(rows, columns) < 1:
        raise UserError(
            f"a grid needs at least one row and one column, got {rows} and {columns}."
        )


def grid_points(rows, columns):
    """Places $s_i$ of the units, as (column, row).

    Returns:
        Shape (rows * columns, 2), float64; the column runs fastest.
    """
    check_grid(rows, columns)
    row, column = np.mgrid[:rows, :columns]
    return np.stack([column.ravel(), row.ravel()], axis=1).astype(np.float64)


def log_target(points, centres, spread):
    r"""Logarithm of the target surfaces, a Gaussian bump for each class.

    $$T_c(i) = \frac{\exp(-\|s_i - \mu_c\|^2 / 2\sigma^2)}
        {\sum_j \exp(-\|s_j - \mu_c\|^2 / 2\sigma^2)}.$$

    Args:
        points: $s_i$, shape (n, 2).
        centres: $\mu_c$, shape (classes, 2), as (column, row).
        spread: $\sigma$, in grid cells.

    Returns:
        $\log T_c(i)$, shape (classes, n), float64.
    """
    exponents = -squared_distances(points, centres) / (2 * spread**2)
    return exponents - logsumexp(exponents, axis=1, keepdims=True)


def squared_distances(points, centres):
    r"""$\|s_i - \mu_c\|^2$ in squared grid cells, shape (classes, n)."""
    points, centres = np.asarray(points, float), np.asarray(centres, float)
    return ((points[None] - centres[:, None]) ** 2).sum(axis=-1)


def mixed_log_target(log_targets, stimuli):
    r"""Logarithm of the target of an example with several stimuli, their mean.

    With context, $T = \frac13 (T_{previous} + T_{current} + T_{next})$ (triphones).

    Args:
        log_targets: $\log T_c$, shape (classes, n).
        stimuli: classes, integers of shape (batch, m); below 0 for none.

    Returns:
        Shape (batch, n). An example without any stimulus has an even target; its cost
        must be left out.
    """
    present = stimuli >= 0
    rows = ops.clip(stimuli, 0, log_targets.shape[0] - 1)
    logs = ops.take(log_targets, rows, axis=0)  # (batch, m, n)
    logs = ops.where(present[..., None], logs, ops.cast(FAR, logs.dtype))
    count = ops.sum(ops.cast(present, logs.dtype), axis=1)[:, None]
    mixed = ops.logsumexp(logs, axis=1) - ops.log(ops.maximum(count, 1))
    even = ops.log(ops.ones_like(mixed) / mixed.shape[-1])
    return ops.where(count > 0, mixed, even)


def outgoing_norms(kernel):
    r"""$\xi_i = \|W^{out}_{i,:}\|_2$: how much the next layer listens to a unit.

    Gradients flow through it, as in the authors' code.

    Args:
        kernel: $W^{out}$, shape (n, units of the next layer).

    Returns:
        Shape (n,). The slope at a row of zeros is 0.
    """
    return ops.sqrt(ops.sum(ops.square(kernel), axis=1) + EPSILON**2)


def log_surface(values):
    r"""Logarithm of the activation surface, $q_i = \xi_i h_i / \sum_j \xi_j h_j$.

    Args:
        values: $\xi_i h_i \ge 0$, or $h_i$ for the raw surface; shape (batch, n). A
            row of zeros counts as an even surface.

    Returns:
        Shape (batch, n).
    """
    values = values + EPSILON
    return ops.log(values) - ops.log(ops.sum(values, axis=-1, keepdims=True))


def kl(log_p, log_q):
    r"""$KL(p \| q) = \sum_i p_i (\log p_i - \log q_i)$ in nats.

    Args:
        log_p, log_q: logarithms, shape (batch, n).

    Returns:
        Shape (batch,).
    """
    return ops.sum(ops.exp(log_p) * (log_p - log_q), axis=-1)


def divergence(log_targets, log_surfaces, direction="forward"):
    r"""The regulariser $R$ of each example.

    Args:
        log_targets: $\log T$, shape (batch, n).
        log_surfaces: $\log q$, shape (batch, n).
        direction: "forward" for $KL(T \| q)$, "reverse" for $KL(q \| T)$, "symmetric"
            for their sum.

    Returns:
        Shape (batch,).
    """
    if direction not in DIRECTIONS:
        raise unknown("direction", direction, DIRECTIONS)
    parts = []
    if direction != "reverse":
        parts.append(kl(log_targets, log_surfaces))
    if direction != "forward":
        parts.append(kl(log_surfaces, log_targets))
    return sum(parts)


def divergence_gradient(target, activations, norms=1.0):
    r"""$\partial R / \partial h_i = \xi_i / S - T_i / h_i$, $S = \sum_j \xi_j h_j$.

    The closed form of the forward divergence's gradient with $\xi$ held fixed; training
    leaves it to TensorFlow. $\sum_i h_i\,\partial R / \partial h_i = 0$.

    Args:
        target: $T$, shape (batch, n).
        activations: $h > 0$, shape (batch, n).
        norms: $\xi$, shape (n,), or 1 for the raw surface.
    """
    total = np.sum(norms * activations, axis=-1, keepdims=True)
    return norms / total - target / activations


def neighbour_pairs(rows, columns, wrap=False):
    """Index pairs of units that stand side by side, each pair once.

    Args:
        rows, columns: of the grid.
        wrap: whether the last row and column touch the first ones (a torus). Along a
            side of one or two units that adds nothing.

    Returns:
        Integers of shape (pairs, 2).
    """
    check_grid(rows, columns)
    index = np.arange(rows * columns).reshape(rows, columns)
    pairs = [(index[:, :-1], index[:, 1:]), (index[:-1], index[1:])]
    if wrap and columns > 2:
        pairs.append((index[:, -1], index[:, 0]))
    if wrap and rows > 2:
        pairs.append((index[-1], index[0]))
    return np.concatenate([np.stack([a.ravel(), b.ravel()], 1) for a, b in pairs])


def adjacency(activations, pairs):
    r"""$A(h) = \sum_{(i,j)} (h_i - h_j)^2 = h^T \Lambda h$ over neighbours.

    Args:
        activations: $h$, shape (batch, n).
        pairs: from `neighbour_pairs`.

    Returns:
        Shape (batch,).
    """
    first, second = (ops.take(activations, pairs[:, side], axis=1) for side in (0, 1))
    return ops.sum(ops.square(first - second), axis=1)


def roughness(activations, pairs):
    r"""The penalty of the authors' code, $\sqrt{A(h)}$ of each example.

    Its slope at a constant layer, where $A = 0$, is 0 and not NaN.
    """
    return ops.sqrt(adjacency(activations, pairs) + EPSILON)


def grid_laplacian(rows, columns, wrap=False):
    r"""$\Lambda$: number of neighbours on the diagonal, -1 for each pair.

    Returns:
        A `scipy.sparse` array, shape (n, n).
    """
    from scipy import sparse

    first, second = neighbour_pairs(rows, columns, wrap).T
    size = rows * columns
    links = sparse.coo_array((np.ones(len(first)), (first, second)), (size, size))
    links = links + links.T
    return sparse.diags_array(links.sum(axis=1)) - links


def target_entropy(spread):
    r"""$\ln(2 \pi e\,\sigma^2)$: the entropy of a target well inside a fine grid."""
    return float(np.log(2 * np.pi * np.e * spread**2))


def mute_mask(points, centres, spread):
    r"""Gains that mute a region: $m_c(i) = 1 - \exp(-\|s_i - \mu_c\|^2 / 2\sigma_m^2)$.

    Args:
        points: $s_i$, shape (n, 2).
        centres: $\mu_c$, shape (classes, 2).
        spread: $\sigma_m$, in grid cells.

    Returns:
        Shape (classes, n): 0 at a centre, 1 far from it.
    """
    return -np.expm1(-squared_distances(points, centres) / (2 * spread**2))
