"""The equations of Duan et al. 2017, arXiv:1703.07326; the networks compute with these.

The paper does not number its equations; the names of its sections and of the listings
of its appendix are given. Functions of tensors work on arrays of NumPy too.
"""

import numpy as np
from keras import ops

from lessons.toolkit.errors import UserError


def masked_softmax(scores, mask=None, axis=-1):
    """Softmax over the entries that are present; 0 everywhere if none is.

    $$\\alpha_i = m_i e^{s_i} / \\sum_j m_j e^{s_j}$$

    Computed in float32 or above, whatever the scores are.

    Args:
        scores: any shape.
        mask: 1 for present and 0 for absent, a shape that broadcasts to the scores'.
        axis: one axis, or several of them together.
    """
    scores = ops.convert_to_tensor(scores)
    if ops.dtype(scores) not in ("float32", "float64"):
        scores = ops.cast(scores, "float32")
    if mask is None:
        mask = ops.ones_like(scores)
    present = ops.broadcast_to(ops.cast(mask, "bool"), ops.shape(scores))
    low = ops.where(present, scores, ops.full_like(scores, -1e30))
    top = ops.max(low, axis=axis, keepdims=True)
    parts = ops.where(present, ops.exp(low - top), ops.zeros_like(scores))
    total = ops.sum(parts, axis=axis, keepdims=True)
    return parts / ops.maximum(total, 1e-30)


def additive_scores(query, context, scale):
    """Scores of soft attention, "Soft attention" in appendix A.

    $$w_i = v^T \\tanh(q + c_i)$$

    Args:
        query, context: shapes that broadcast, with features last.
        scale: v, shape (features,).

    Returns:
        The broadcast shape without features.
    """
    return ops.sum(scale * ops.tanh(query + context), axis=-1)


def soft_attention(query, context, memory, scale, mask=None):
    """Additive attention: weights over a memory for each query.

    $$\\alpha = \\mathrm{softmax}_i(v^T \\tanh(q + c_i)), \\quad
    r = \\sum_i \\alpha_i m_i$$

    Args:
        query: shape (..., queries, features).
        context: shape (..., entries, features).
        memory: shape (..., entries, values).
        scale: v, shape (features,).
        mask: which entries are present, shape (..., entries), or None for all.

    Returns:
        (output, weights): shapes (..., queries, values) and (..., queries, entries).
    """
    scores = additive_scores(query[..., :, None, :], context[..., None, :, :], scale)
    if mask is not None:
        mask = mask[..., None, :]
    weights = masked_softmax(scores, mask)
    return ops.matmul(ops.cast(weights, ops.dtype(memory)), memory), weights


def temporal_weights(scores, mask=None):
    """One weight for each frame, "Attention over demonstration" in section 4.2.

    All blocks of all frames compete in one softmax; then the weights of the blocks of
    a frame are added up.

    $$\\alpha_t = \\sum_b \\mathrm{softmax}_{(t, b)}(s_{tb})$$

    Args:
        scores: shape (..., frames, blocks).
        mask: of the same shape, or one that broadcasts to it, or None.

    Returns:
        Shape (..., frames); sums to 1, or to 0 where nothing is present.
    """
    return ops.sum(masked_softmax(scores, mask, axis=(-2, -1)), axis=-1)


def temporal_dropout(length, p, rng):
    """Which frames of a demonstration are kept, "Temporal dropout" in section 4.1.

    Each frame is dropped with probability p by itself; where none is left, one frame
    chosen at random stays.

    Args:
        length: number of frames.
        p: probability that a frame is dropped; .95 in the paper.
        rng: a NumPy generator.

    Returns:
        Indices of the frames kept, rising, shape (kept,).
    """
    if length < 1 or not 0 <= p <= 1:
        raise UserError(
            f"length must be at least 1 and p between 0 and 1, got {length} and {p}."
        )
    kept = np.flatnonzero(rng.random(length) >= p)
    return kept if len(kept) else np.array([rng.integers(length)])


def imitation_loss(target, output):
    """Loss of behavioural cloning: moves by squares, the gripper by cross-entropy.

    $$\\frac{1}{S} \\sum_s \\Big[ \\frac{1}{3} \\| a_s - \\hat a_s \\|^2 -
    \\tfrac12 \\log p(g_s) \\Big]$$

    Args:
        target: actions of the expert, shape (batch, states, 4): three moves and whether
            the gripper closes.
        output: of the network, the same shape; the last is a logit.

    Returns:
        Shape (batch,).
    """
    move = ops.mean((target[..., :3] - output[..., :3]) ** 2, axis=-1)
    logit = output[..., 3]
    # log(1 + e^x) - g x, without overflow.
    entropy = (
        ops.maximum(logit, 0.0)
        - logit * target[..., 3]
        + ops.log1p(ops.exp(-ops.abs(logit)))
    )
    return ops.mean(move + 0.5 * entropy, axis=-1)


def pushing_loss(target, output):
    """Squared error of pushes of particles, mean over states and axes, shape (batch,).

    Args:
        target, output: shape (batch, states, 2).
    """
    return ops.mean((target - output) ** 2, axis=(-2, -1))
