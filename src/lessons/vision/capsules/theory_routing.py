r"""What routing does: the objective it climbs, how couplings sharpen, its gradient.

A theorem that Sabour, Frosst & Hinton 2017 (arXiv:1710.09829) do not state. With
$\varphi(r) = r - \arctan r$ let
$$F(c) = \sum_j \varphi(|s_j|), \qquad s_j = \sum_i c_{ij} \hat u_{j|i}.$$
Since $\varphi'(r) = r^2 / (1 + r^2)$ is the length that squash gives, the derivative of
$F$ by $c_{ij}$ is $\hat u_{j|i} \cdot v_j$: an iteration is a step of mirror ascent
with step size 1. $F$ is convex in $c$, so it never decreases.
"""

from typing import NamedTuple

import numpy as np
import tensorflow as tf
from keras import ops

from lessons.vision.capsules import theory


class Trace(NamedTuple):
    """How routing went: arrays with one entry per iteration first."""

    couplings: np.ndarray  # (iterations, batch, higher, lower)
    capsules: np.ndarray  # (iterations, batch, higher, dim)
    objective: np.ndarray  # (iterations, batch), F
    entropy: np.ndarray  # (iterations, batch), nats, mean over the lower capsules
    change: np.ndarray  # (iterations, batch), mean |change of b| this iteration asks


def squash_jacobian(s):
    r"""The derivative of squash at a vector other than zero.

    $$\frac{r}{1 + r^2} (I - e e^\top) + \frac{2 r}{(1 + r^2)^2} e e^\top,
    \qquad r = |s|,\; e = s / r$$

    Args:
        s: one vector, shape (dim,).

    Returns:
        Shape (dim, dim).
    """
    radius = np.linalg.norm(s)
    along = np.outer(s, s) / radius**2
    across = np.eye(len(s)) - along
    slope = 2 * radius / (1 + radius**2) ** 2
    return radius / (1 + radius**2) * across + slope * along


def objective(inputs):
    r"""$F = \sum_j (|s_j| - \arctan |s_j|)$, shape (batch,).

    Args:
        inputs: $s$, shape (batch, higher, dim).
    """
    radius = np.linalg.norm(np.asarray(inputs), axis=-1)
    return np.sum(radius - np.arctan(radius), axis=-1)


def entropy(couplings):
    """Entropy of each lower capsule's couplings in nats, its mean, shape (batch,).

    Args:
        couplings: shape (batch, higher, lower), summing to 1 over the higher.
    """
    couplings = np.asarray(couplings)
    logs = np.log(np.maximum(couplings, np.finfo(couplings.dtype).tiny))
    return -np.sum(couplings * logs, axis=1).mean(axis=-1)


def symmetric_kl(first, second):
    r"""$\mathrm{KL}(c \| c') + \mathrm{KL}(c' \| c)$, summed over the lower capsules.

    What $F$ gains at least when routing goes from `first` to `second`.

    Args:
        first, second: couplings, shape (batch, higher, lower), none of them zero.

    Returns:
        Shape (batch,), in nats.
    """
    return np.sum((second - first) * (np.log(second) - np.log(first)), axis=(1, 2))


def trace(votes, iterations):
    """Run routing and keep what each iteration did.

    Args:
        votes: shape (batch, higher, lower, dim); float64 is kept.
        iterations: how many.

    Returns:
        A `Trace`. Next to nothing is added to norms here: the smallest number there
        is, so that a whole that nothing goes to stays zero.
    """
    rows, tiny = [], float(np.finfo(votes.dtype).tiny)
    for step in theory.routing_steps(votes, iterations, epsilon=tiny):
        asked = np.abs(np.asarray(theory.agreement(votes, step.capsules)))
        rows.append(
            (
                np.asarray(step.couplings),
                np.asarray(step.capsules),
                objective(step.inputs),
                entropy(step.couplings),
                asked.mean(axis=(1, 2)),
            )
        )
    return Trace(*map(np.stack, zip(*rows, strict=True)))


def two_wholes(iterations):
    r"""The example with a closed form: four parts, two wholes.

    All four vote $(1, 0)$ for the first whole; for the second they vote $(1, 0)$,
    $(-1, 0)$, $(0, 1)$, $(0, -1)$ and cancel. So $v_2 = 0$, $c_{i1}$ is the same
    $c$ for all parts, $|s_1| = 4c$, and $c \leftarrow \sigma(b)$ with $b$ growing by
    $|v_1| = 16 c^2 / (1 + 16 c^2)$.

    Args:
        iterations: how many.

    Returns:
        (couplings to the first whole, its length) at the last iteration.
    """
    logit = 0.0
    for _ in range(iterations):
        coupling = 1 / (1 + np.exp(-logit))
        length = 16 * coupling**2 / (1 + 16 * coupling**2)
        logit += length
    return coupling, length


def random_votes(rng, count, shape=(10, 32, 16)):
    """Votes N(0, 1) times a scale uniform in [0.05, 1] per example.

    Args:
        rng: a NumPy generator.
        count: how many examples.
        shape: (higher, lower, dim).

    Returns:
        Shape (count, higher, lower, dim), float64.
    """
    scale = rng.uniform(0.05, 1.0, size=(count, 1, 1, 1))
    return scale * rng.normal(size=(count, *shape))


def loss_of_routing(votes, label, iterations, detach=False):
    """Mean margin loss of what routing makes of votes; for gradients.

    Args:
        votes: shape (batch, higher, lower, dim).
        label: the class present in every example.
        iterations: of routing.
        detach: as for `theory.routing_steps`.
    """
    capsules = theory.route(votes, iterations, detach=detach).capsules
    lengths = theory.length(capsules)
    target = ops.one_hot(label, lengths.shape[-1], dtype=lengths.dtype)
    return ops.mean(theory.margin_loss(lengths, target))


def gradient(votes, label, iterations, detach=False):
    """Gradient of `loss_of_routing` by the votes, a NumPy array of their shape.

    Args:
        votes, label, iterations, detach: as for `loss_of_routing`.
    """
    votes = tf.convert_to_tensor(votes)
    with tf.GradientTape() as tape:
        tape.watch(votes)
        loss = loss_of_routing(votes, label, iterations, detach)
    return tape.gradient(loss, votes).numpy()


def gradient_at_zero(function, dim=4):
    """Gradient of the summed result of a function at a zero vector, shape (1, dim)."""
    zero = tf.zeros((1, dim))
    with tf.GradientTape() as tape:
        tape.watch(zero)
        total = tf.reduce_sum(function(zero))
    return tape.gradient(total, zero).numpy()
