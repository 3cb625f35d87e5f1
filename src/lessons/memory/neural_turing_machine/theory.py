r"""Addressing, reading, writing and the loss of Graves et al. 2014 (arXiv:1410.5401).

Pure functions of arrays or tensors. The memory $M$ has $N$ slots of width $M$ and the
shape (..., slots, width); all heads are computed at once, on an axis before the last:
weightings have the shape (..., heads, slots), keys (..., heads, width), scalars of a
head (..., heads). Leading axes are batches.
"""

import math

from keras import ops

# Keeps the cosine of a zero vector defined; far below the norm of any real row.
TINY_NORM = 1e-8
# Below any weight that matters: the logarithm of a weight of 0 must be finite.
TINY_WEIGHT = 1e-12


def cosine_similarity(memory, keys):
    r"""$\cos(k, M(n)) = k \cdot M(n) / (\|k\| \|M(n)\| + \epsilon)$, eq. 6.

    Args:
        memory: shape (..., slots, width).
        keys: shape (..., heads, width).

    Returns:
        Similarities, shape (..., heads, slots).
    """
    products = ops.matmul(keys, ops.swapaxes(memory, -1, -2))  # (..., heads, slots)
    key_norms = ops.sqrt(ops.sum(ops.square(keys), axis=-1))[..., None]
    row_norms = ops.sqrt(ops.sum(ops.square(memory), axis=-1))[..., None, :]
    return products / (key_norms * row_norms + TINY_NORM)


def content_weights(memory, keys, strengths):
    r"""Content addressing, eq. 5: $w^c(n) \propto \exp(\beta \cos(k, M(n)))$.

    Args:
        memory: shape (..., slots, width).
        keys: $k$, shape (..., heads, width).
        strengths: $\beta \ge 0$, shape (..., heads).

    Returns:
        Weightings over slots, shape (..., heads, slots).
    """
    return ops.softmax(strengths[..., None] * cosine_similarity(memory, keys), axis=-1)


def interpolate(content, previous, gates):
    r"""The interpolation gate, eq. 7: $w^g = g\, w^c + (1 - g)\, w_{t-1}$.

    Args:
        content, previous: weightings, shape (..., heads, slots).
        gates: $g \in (0, 1)$, shape (..., heads); 1 takes the content.
    """
    gates = gates[..., None]
    return gates * content + (1 - gates) * previous


def shift(weights, distributions):
    r"""Circular convolution, eq. 8: $\tilde w(n) = \sum_m w(m)\, s(n - m \bmod N)$.

    Args:
        weights: weightings, shape (..., heads, slots).
        distributions: $s$ over the offsets $-R, \dots, R$ in this order, shape
            (..., heads, 2 R + 1). Offset +1 moves weight from slot n to slot n + 1.
    """
    reach = distributions.shape[-1] // 2
    moved = [
        distributions[..., reach + offset, None] * ops.roll(weights, offset, axis=-1)
        for offset in range(-reach, reach + 1)
    ]
    return sum(moved)


def sharpen(weights, exponents):
    r"""Sharpening, eq. 9: $w(n) = \tilde w(n)^\gamma / \sum_m \tilde w(m)^\gamma$.

    Computed as the softmax of $\gamma \log \tilde w$, which neither underflows nor
    divides by zero.

    Args:
        weights: weightings, shape (..., heads, slots).
        exponents: $\gamma \ge 1$, shape (..., heads).
    """
    return ops.softmax(exponents[..., None] * ops.log(weights + TINY_WEIGHT), axis=-1)


def sharpen_by_power(weights, exponents):
    """The same as `sharpen`, as eq. 9 is written: in float32 all may underflow to 0."""
    powers = ops.power(weights, exponents[..., None])
    return powers / ops.sum(powers, axis=-1, keepdims=True)


def address(memory, previous, head, sharpening=sharpen):
    """The whole pipeline: content, gate, shift, sharpening (figure 2 of the paper).

    Args:
        memory: shape (..., slots, width).
        previous: the heads' weightings one step ago, shape (..., heads, slots).
        head: a `heads.Address`, the parameters that the controller emitted.
        sharpening: `sharpen` or `sharpen_by_power`.

    Returns:
        The new weightings, shape (..., heads, slots).
    """
    content = content_weights(memory, head.keys, head.strengths)
    gated = interpolate(content, previous, head.gates)
    return sharpening(shift(gated, head.shifts), head.sharpness)


def read(memory, weights):
    r"""What the read heads get, eq. 2: $r = \sum_n w(n) M(n)$, (..., heads, width)."""
    return ops.matmul(weights, memory)


def write(memory, weights, erase, add):
    r"""All heads erase, then all add (eqs. 3 and 4):

    $$M_t(n) = M_{t-1}(n) \odot \prod_j (1 - w^j(n) e^j) + \sum_j w^j(n) a^j.$$
    Neither product nor sum depends on the order of the heads.

    Args:
        memory: shape (..., slots, width).
        weights: shape (..., heads, slots).
        erase: $e \in (0, 1)$, shape (..., heads, width).
        add: $a$, same shape.

    Returns:
        The new memory, shape (..., slots, width).
    """
    for head in range(weights.shape[-2]):
        erased = weights[..., head, :, None] * erase[..., head, None, :]
        memory = memory * (1 - erased)
    return memory + ops.matmul(ops.swapaxes(weights, -1, -2), add)


def bit_losses(targets, logits):
    """Cross-entropy of each bit in nats, from logits; the shape of `targets`."""
    return ops.softplus(logits) - targets * logits


def answer_loss(targets, logits, mask):
    """Mean cross-entropy of the answer's bits, one number per sequence, in nats.

    Args:
        targets, logits: shape (batch, time, bits).
        mask: 1 at the steps of the answer, 0 elsewhere, shape (batch, time).
    """
    losses = ops.sum(bit_losses(targets, logits), axis=-1) * mask
    count = ops.sum(mask, axis=-1) * targets.shape[-1]
    return ops.sum(losses, axis=-1) / ops.maximum(count, 1)


def bits_per_sequence(targets, logits, mask):
    """What the paper plots: cost of the whole answer in bits, one per sequence.

    Args:
        targets, logits: shape (batch, time, bits).
        mask: 1 at the steps of the answer, shape (batch, time).
    """
    losses = ops.sum(bit_losses(targets, logits), axis=-1) * mask
    return ops.sum(losses, axis=-1) / math.log(2)


def entropy(weights):
    r"""$H(w) = -\sum_n w(n) \log w(n)$ in nats, over the last axis."""
    safe = ops.where(weights > 0, weights, 1)
    return -ops.sum(weights * ops.log(safe), axis=-1)
