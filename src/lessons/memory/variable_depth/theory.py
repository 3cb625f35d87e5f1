r"""Equations of cascaded output gates; layers are counted from 1 in formulas.

The paper (Tan & Sim 2016) was not at hand: the equations follow the first author's
public code of the same months. Adaptive computation time: Graves 2016,
arXiv:1603.08983. Logarithms are natural, costs are in nats.
"""

import math

from keras import ops

from lessons.toolkit.errors import UserError


def cascade(gate_logits):
    r"""Log-probabilities of stopping at each layer, by a broken stick.

    $$\log g_l = -\mathrm{softplus}(-a_l) - \sum_{k<l} \mathrm{softplus}(a_k),\qquad
    \log g_L = -\sum_{k<L} \mathrm{softplus}(a_k)$$
    since $\pi_l = \sigma(a_l)$ is the probability to stop at layer l if it is reached:
    $g_l = \pi_l \prod_{k<l} (1 - \pi_k)$.

    Args:
        gate_logits: $a_l$ of layers 1 to L - 1, shape (batch, L - 1), possibly L = 1.

    Returns:
        $\log g_l$, shape (batch, L); the exponentials of a row sum to 1.
    """
    left = log_left(gate_logits)
    nothing_lost = ops.zeros_like(ops.sum(gate_logits, axis=1, keepdims=True))
    reached = ops.concatenate([nothing_lost, left], axis=1)
    stops = ops.concatenate([-ops.softplus(-gate_logits), nothing_lost], axis=1)
    return reached + stops


def log_left(gate_logits):
    r"""What is left after layers 1 to L - 1, $\sum_{k \le l} \log(1 - \pi_k)$.

    Args:
        gate_logits: shape (batch, L - 1).

    Returns:
        Shape (batch, L - 1), falling from left to right.
    """
    return -ops.cumsum(ops.softplus(gate_logits), axis=1)


def mixture_nll(log_gates, log_right):
    r"""$-\log \sum_l g_l\, p_l(y)$, the loss of the mixture.

    Args:
        log_gates: $\log g_l$, shape (batch, L).
        log_right: $\log p_l(y)$ of the right class, shape (batch, L).

    Returns:
        Nats, shape (batch,).
    """
    return -ops.logsumexp(log_gates + log_right, axis=1)


def mean_nll(log_gates, log_right):
    r"""$-\sum_l g_l \log p_l(y)$: not the loss, but never below it (Jensen).

    Args:
        log_gates, log_right: shape (batch, L).

    Returns:
        Nats, shape (batch,).
    """
    return -ops.sum(ops.exp(log_gates) * log_right, axis=1)


def prior_penalty(log_gates):
    r"""$-\sum_l \log g_l$: the log-density of a Dirichlet$(1 + \alpha)$ over $-\alpha$.

    Up to a constant; least, $L \ln L$, where all gates are $1/L$.

    Args:
        log_gates: shape (batch, L).

    Returns:
        Nats, shape (batch,).
    """
    return -ops.sum(log_gates, axis=1)


def expected_depth(log_gates):
    r"""$D = \sum_l l\, g_l$.

    Args:
        log_gates: shape (batch, L).

    Returns:
        Layers, from 1 to L, shape (batch,).
    """
    depths = ops.arange(1, log_gates.shape[1] + 1, dtype=log_gates.dtype)
    return ops.sum(ops.exp(log_gates) * depths, axis=1)


def responsibilities(log_gates, log_right):
    r"""$r_l = g_l p_l(y) / \sum_k g_k p_k(y)$: which layer explained the label.

    Args:
        log_gates, log_right: shape (batch, L).

    Returns:
        Shape (batch, L), rows sum to 1.
    """
    return ops.softmax(log_gates + log_right, axis=1)


def exit_layers(gate_logits, threshold):
    r"""The first layer with $\sum_{k \le l} g_k \ge \tau$; the last one by rule.

    Held against what is left, $\sum_{k \le l} \log(1 - \pi_k) \le \log(1 - \tau)$: the
    sum of the gates rounds to 1 too early for some rows and never for others.

    Args:
        gate_logits: shape (batch, L - 1).
        threshold: $\tau$, from 0 to 1; 1 sends everybody to the last layer.

    Returns:
        Layers counted from 1, integers of shape (batch,).
    """
    stops = log_left(gate_logits) <= log_bound(threshold)
    return 1 + gate_logits.shape[1] - ops.sum(ops.cast(stops, "int32"), axis=1)


def log_bound(threshold):
    r"""$\log(1 - \tau)$, $-\infty$ for 1; with room for rounding at ties.

    Args:
        threshold: $\tau$.

    Raises:
        UserError: it is not from 0 to 1.
    """
    if not 0 <= threshold <= 1:
        raise UserError(f"threshold must be from 0 to 1, got {threshold!r}.")
    return -math.inf if threshold == 1 else math.log1p(-threshold) + 1e-6


def act_weights(halting, epsilon=0.01):
    r"""Weights of adaptive computation time (eqs. 5-8 and 10 of arXiv:1603.08983).

    $N$ is the first layer at which $\sum_{k \le N} h_k \ge 1 - \epsilon$, or the last
    one where that never happens. Layers before it weigh $h_l$, it weighs the remainder
    $R = 1 - \sum_{k<N} h_k$, those after it nothing.

    Args:
        halting: $h_l$ in (0, 1), shape (batch, L).
        epsilon: $\epsilon$.

    Returns:
        (weights, steps, remainder): shapes (batch, L), (batch,), (batch,); the cost of
        pondering is steps + remainder, whose slope comes from the remainder alone.
    """
    sums = ops.cumsum(halting, axis=1)
    before = sums - halting
    crossed = ops.cast(sums >= 1 - epsilon, halting.dtype)
    # Layers that run: none before them has crossed; the last of these takes the rest.
    runs = ops.cast(ops.cumsum(crossed, axis=1) - crossed < 0.5, halting.dtype)
    steps = ops.sum(runs, axis=1)
    places = ops.arange(1, halting.shape[1] + 1, dtype=halting.dtype)
    last = ops.cast(ops.abs(places - steps[:, None]) < 0.5, halting.dtype)
    remainder = 1 - ops.sum(before * last, axis=1)
    weights = halting * runs * (1 - last) + remainder[:, None] * last
    return weights, steps, remainder
