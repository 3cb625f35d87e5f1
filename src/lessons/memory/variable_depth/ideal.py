r"""The gates that likelihood and prior want for one example, without any network.

For given responsibilities $-\sum_l (r_l + \alpha) \log g_l$ is least at
$$g_l = \frac{r_l + \alpha}{1 + L \alpha}.$$
But $r$ depends on $g$. The whole objective, $-\log \sum_l g_l p_l(y) - \alpha \sum_l
\log g_l$, is convex in $g$, strictly for $\alpha > 0$: its one minimum is the fixed
point of that formula, which `ideal_gates` finds.
"""

import numpy as np

from lessons.toolkit.errors import UserError

_ROUNDS = 4000
_STILL = 1e-10


def map_gates(responsibilities, alpha):
    r"""$(r_l + \alpha) / (1 + L \alpha)$ for given responsibilities, shape (..., L)."""
    shares = np.asarray(responsibilities, np.float64)
    return (shares + alpha) / (1 + shares.shape[-1] * alpha)


def ideal_gates(right, alpha):
    r"""The gates of least $-\log \sum_l g_l p_l(y) - \alpha \sum_l \log g_l$.

    Args:
        right: $p_l(y)$ of the right class, shape (..., L), above 0.
        alpha: weight of the prior, above 0.

    Returns:
        Shape (..., L), rows sum to 1.

    Raises:
        UserError: alpha is not above 0: then the minimum is no single point.
    """
    if not alpha > 0:
        raise UserError(f"alpha must be above 0, got {alpha!r}.")
    right = np.maximum(np.asarray(right, np.float64), 1e-300)
    right = right / right.max(axis=-1, keepdims=True)
    gates = np.full(right.shape, 1 / right.shape[-1])
    for _ in range(_ROUNDS):
        shares = gates * right
        shares /= shares.sum(axis=-1, keepdims=True)
        found = map_gates(shares, alpha)
        moved = np.abs(found - gates).max()
        gates = found
        if moved < _STILL:
            break
    return gates


def depth(gates):
    """Expected depth of gates, counted from 1, shape (...)."""
    return gates @ np.arange(1.0, gates.shape[-1] + 1)


def one_better_layer(ratio, alpha, num_layers):
    """The ideal gate of a layer that is better than all others by a ratio.

    Args:
        ratio: the others' $p_l(y)$ over that layer's, at most 1.
        alpha: weight of the prior.
        num_layers: L.

    Returns:
        The gate of the better layer, from 1 / L to (1 + alpha) / (1 + L alpha).
    """
    right = np.full(num_layers, float(ratio))
    right[0] = 1.0
    return float(ideal_gates(right, alpha)[0])


def depth_range(alpha, num_layers):
    r"""Least and greatest depth that gates express where only one layer is right.

    Args:
        alpha: weight of the prior; 0 allows all.
        num_layers: L.
    """
    one = np.eye(num_layers)
    found = depth(map_gates(one, alpha))
    return float(found[0]), float(found[-1])
