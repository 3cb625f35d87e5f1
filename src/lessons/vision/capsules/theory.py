r"""Squash, routing by agreement and the losses of capsule networks.

Pure functions of arrays, written with `keras.ops`: they take NumPy arrays or tensors,
inside and outside compiled steps. Names follow Sabour, Frosst & Hinton 2017
(arXiv:1710.09829): lower capsules $i$ send votes $\hat u_{j|i}$ to higher capsules
$j$. **Votes have shape (batch, higher, lower, dim)**: with the lower capsules beside
the components, both sums of an iteration are batched matrix products.
"""

from typing import NamedTuple

import keras
from keras import ops

EPSILON = 1e-9  # inside every root: the gradient of a norm at zero is NaN


class Step(NamedTuple):
    """One iteration of routing, everything with the batch first."""

    logits: object  # b, (batch, higher, lower); None in the first if they are zero
    couplings: object  # c, (batch, higher, lower); sums to 1 over the higher
    inputs: object  # s, (batch, higher, dim)
    capsules: object  # v, (batch, higher, dim)


def squash(s, axis=-1, epsilon=EPSILON):
    r"""Shorten vectors to a length in $[0, 1)$ and keep their direction.

    $$v = \frac{|s|^2}{1 + |s|^2} \frac{s}{|s|}$$ (eq. 1 of arXiv:1710.09829).

    Args:
        s: vectors along `axis`.
        axis: the components of one capsule.
        epsilon: added to $|s|^2$ inside the root, so that a zero vector has a finite
            gradient.

    Returns:
        Shape of `s`; lengths are $|s|^2 / (1 + |s|^2)$.
    """
    square = ops.sum(ops.square(s), axis=axis, keepdims=True)
    return s * (square / ((1.0 + square) * ops.sqrt(square + epsilon)))


def length(capsules, axis=-1, epsilon=EPSILON):
    r"""$\sqrt{|v|^2 + \epsilon}$: the probability that a capsule's entity is present.

    Args:
        capsules: vectors along `axis`.
        axis: the components of one capsule.
        epsilon: keeps the gradient at zero finite.

    Returns:
        Shape of `capsules` without `axis`.
    """
    return ops.sqrt(ops.sum(ops.square(capsules), axis=axis) + epsilon)


def gather_votes(votes, couplings):
    r"""$s_j = \sum_i c_{ij} \hat u_{j|i}$ (eq. 2), shape (batch, higher, dim).

    Args:
        votes: $\hat u$, shape (batch, higher, lower, dim).
        couplings: $c$, shape (batch, higher, lower).
    """
    return ops.matmul(couplings[:, :, None, :], votes)[:, :, 0, :]


def agreement(votes, capsules):
    r"""$\hat u_{j|i} \cdot v_j$, shape (batch, higher, lower).

    Args:
        votes: $\hat u$, shape (batch, higher, lower, dim).
        capsules: $v$, shape (batch, higher, dim).
    """
    return ops.matmul(votes, capsules[..., None])[..., 0]


def couple(logits, orphan=False):
    r"""$c_{ij} = \exp b_{ij} / \sum_k \exp b_{ik}$ (eq. 3): over the **higher** ones.

    Args:
        logits: $b$, shape (batch, higher, lower).
        orphan: whether a "none of the above" slot with logit 0 takes its share, so
            that the couplings may sum to less than 1 (section 7 of the paper).

    Returns:
        Shape of `logits`.
    """
    if orphan:
        logits = ops.pad(logits, [(0, 0), (0, 1), (0, 0)])
    # Keras's softmax warns where there is one higher capsule
    couplings = ops.exp(logits - ops.logsumexp(logits, axis=1, keepdims=True))
    return couplings[:, :-1] if orphan else couplings


def routing_steps(
    votes,
    iterations,
    *,
    log_priors=None,
    bias=None,
    orphan=False,
    detach=False,
    epsilon=EPSILON,
):
    r"""Routing by agreement (procedure 1 of arXiv:1710.09829), one iteration at a time.

    Start from $b_{ij} = 0$; repeat: $c = \mathrm{softmax}_j(b)$,
    $s_j = \sum_i c_{ij} \hat u_{j|i}$, $v_j = \mathrm{squash}(s_j)$,
    $b_{ij} \leftarrow b_{ij} + \hat u_{j|i} \cdot v_j$. The last change of $b$ would
    not be used and is left out.

    Args:
        votes: $\hat u$, shape (batch, higher, lower, dim).
        iterations: how many, at least 1; 1 is a plain average.
        log_priors: $b$ at the start, shape (higher, lower); zero if None.
        bias: added to $s$, shape (higher, dim); the official code has one.
        orphan: as for `couple`.
        detach: whether gradients ignore how couplings depend on votes.
        epsilon: as for `squash`.

    Yields:
        A `Step` per iteration.
    """
    batch, higher, lower, _ = ops.shape(votes)
    for_logits = ops.stop_gradient(votes) if detach else votes
    logits = None
    if log_priors is not None:
        logits = ops.broadcast_to(log_priors, (batch, higher, lower))
    capsules = None
    for _ in range(iterations):
        if capsules is not None:
            wholes = ops.stop_gradient(capsules) if detach else capsules
            change = agreement(for_logits, wholes)
            logits = change if logits is None else logits + change
        if logits is None:  # softmax of zeros
            dtype = keras.backend.standardize_dtype(votes.dtype)
            uniform = 1.0 / (higher + orphan)
            couplings = ops.full((batch, higher, lower), uniform, dtype)
        else:
            couplings = couple(logits, orphan)
        inputs = gather_votes(votes, couplings)
        if bias is not None:
            inputs = inputs + bias
        capsules = squash(inputs, epsilon=epsilon)
        yield Step(logits, couplings, inputs, capsules)


def route(votes, iterations, **options):
    """Routing by agreement: the last `Step` of `routing_steps`.

    Args:
        votes, iterations, **options: as for `routing_steps`.
    """
    for step in routing_steps(votes, iterations, **options):
        last = step
    return last


def margin_loss(lengths, targets, present=0.9, absent=0.1, weight=0.5):
    r"""Margin loss (eq. 4): a class present must be long, an absent one short.

    $$\sum_k T_k \max(0, m^+ - |v_k|)^2 + \lambda (1 - T_k) \max(0, |v_k| - m^-)^2$$
    Several targets may be 1: each class has a loss of its own.

    Args:
        lengths: $|v_k|$, shape (batch, classes).
        targets: $T_k$, 1 for classes present and 0 for others, shape of `lengths`.
        present: $m^+$.
        absent: $m^-$.
        weight: $\lambda$, which keeps the many absent classes from shrinking all.

    Returns:
        The sum over classes, shape (batch,).
    """
    too_short = ops.square(ops.relu(present - lengths))
    too_long = ops.square(ops.relu(lengths - absent))
    losses = targets * too_short + weight * (1.0 - targets) * too_long
    return ops.sum(losses, axis=-1)


def squared_error(image, reconstruction):
    r"""$\|x - \hat x\|^2$, the **sum** over everything but the batch, shape (batch,).

    The paper's 0.0005 weighs this sum; on the mean of 784 pixels it would be 0.392.
    """
    square = ops.square(image - reconstruction)
    return ops.sum(ops.reshape(square, (ops.shape(square)[0], -1)), axis=-1)


def mask(capsules, labels):
    """Keep one capsule per example, set the others to zero, flatten.

    Args:
        capsules: shape (batch, higher, dim).
        labels: the one to keep, whole numbers of shape (batch,).

    Returns:
        Shape (batch, higher * dim), what the decoder sees.
    """
    batch, higher, dim = ops.shape(capsules)
    kept = ops.one_hot(
        labels, higher, dtype=keras.backend.standardize_dtype(capsules.dtype)
    )
    return ops.reshape(capsules * kept[..., None], (batch, higher * dim))
