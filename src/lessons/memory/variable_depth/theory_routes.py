"""The equations by other routes, in NumPy: loops, recursions, closed forms."""

import numpy as np


def broken_stick(gate_logits):
    """Probabilities of stopping, by breaking a stick of length 1 layer by layer.

    Args:
        gate_logits: shape (batch, L - 1).

    Returns:
        Shape (batch, L).
    """
    rows = []
    for logits in np.asarray(gate_logits, np.float64):
        left, row = 1.0, []
        for logit in logits:
            stop = 1 / (1 + np.exp(-logit))
            row.append(left * stop)
            left *= 1 - stop
        rows.append([*row, left])
    return np.array(rows)


def nested_mixture(gate_logits, probabilities):
    r"""The mixture from the top down: $o \leftarrow \pi_l p_l + (1 - \pi_l) o$.

    The form of the authors' earlier code.

    Args:
        gate_logits: shape (batch, L - 1).
        probabilities: $p_l$, shape (batch, L, classes).

    Returns:
        Shape (batch, classes).
    """
    found = probabilities[:, -1]
    for place in reversed(range(gate_logits.shape[1])):
        stop = 1 / (1 + np.exp(-gate_logits[:, place, None]))
        found = stop * probabilities[:, place] + (1 - stop) * found
    return found


def gate_gradient(gate_logits, right):
    r"""$\partial (-\log \sum_l g_l p_l(y)) / \partial a_l$.

    $$-\left(r_l (1 - \pi_l) - \pi_l \sum_{k>l} r_k\right)$$

    Args:
        gate_logits: shape (batch, L - 1).
        right: $p_l(y)$, shape (batch, L).

    Returns:
        Shape (batch, L - 1).
    """
    shares = broken_stick(gate_logits) * right
    shares /= shares.sum(axis=1, keepdims=True)
    stop = 1 / (1 + np.exp(-gate_logits))
    above = 1 - np.cumsum(shares, axis=1)[:, :-1]
    return -(shares[:, :-1] * (1 - stop) - stop * above)


def uniform_logits(num_layers):
    r"""Gate logits that give every layer $1/L$: $a_l = -\ln(L - l)$, shape (L - 1,)."""
    return -np.log(num_layers - np.arange(1.0, num_layers))


def halted(halting, epsilon=0.01):
    """ACT for one example, as a loop: (weights, steps, remainder).

    Args:
        halting: a list of L numbers in (0, 1).
        epsilon: as for `theory.act_weights`.
    """
    weights, total = [0.0] * len(halting), 0.0
    for place, value in enumerate(halting):
        if total + value >= 1 - epsilon or place == len(halting) - 1:
            weights[place] = 1 - total
            return weights, place + 1, 1 - total
        weights[place] = value
        total += value
    raise ValueError("halting must hold at least one number.")
