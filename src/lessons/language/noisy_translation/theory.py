r"""The equations of Belinkov & Bisk (2018) and their models; training uses these.

Arrays are NumPy's or Keras's. A word is a row of letters' numbers, 0 is no letter.
"""

import collections
import math

from keras import ops


def mean_char(vectors, present):
    r"""The mean of a word's letters, $v = \frac{1}{L} \sum_j e_j$; zeros without any.

    Args:
        vectors: e of the letters, shape (..., letters, dim).
        present: 1 for a letter, 0 for padding, shape (..., letters).

    Returns:
        Shape (..., dim).
    """
    present = ops.cast(present, vectors.dtype)
    count = ops.maximum(ops.sum(present, -1), 1.0)[..., None]
    return ops.sum(vectors * present[..., None], -2) / count


def char_convolution(vectors, kernel, bias):
    r"""The largest response of each filter along a word.

    $$v_f = \max_t \tanh\Big(\sum_{s<k} W_{f,s} \cdot e_{t+s} + b_f\Big)$$

    Args:
        vectors: e, zeros where there is no letter, shape (..., letters, dim).
        kernel: W, shape (k, dim, filters).
        bias: b, shape (filters,).

    Returns:
        v, shape (..., filters). Windows reach k - 1 zeros past the last letter, so that
        words shorter than k are seen too.
    """
    width, dim, filters = kernel.shape
    letters = ops.shape(vectors)[-2]
    around = [(0, 0)] * (len(vectors.shape) - 2)
    padded = ops.pad(vectors, (*around, (0, width - 1), (0, 0)))
    windows = ops.concatenate(
        [padded[..., s : s + letters, :] for s in range(width)], -1
    )  # (..., letters, k dim)
    responses = ops.matmul(windows, ops.reshape(kernel, (width * dim, filters)))
    # tanh rises: the largest response before it is the largest after it.
    return ops.tanh(ops.max(responses, -2) + bias)


def highway(x, transformed, gate):
    r"""A gate between a layer and its input, $g \odot h + (1 - g) \odot x$."""
    return gate * transformed + (1 - gate) * x


def attention(queries, keys, values, mask):
    r"""Luong's general attention, $a_{ts} = \mathrm{softmax}_s(d_t^\top W_a h_s)$.

    Args:
        queries: d, shape (batch, ..., units).
        keys: $W_a h$, shape (batch, places, units).
        values: h, shape (batch, places, dim).
        mask: 1 where a place holds something, shape (batch, places).

    Returns:
        (contexts, weights): shapes (batch, ..., dim) and (batch, ..., places).
    """
    pattern = "btu,bsu->bts" if len(queries.shape) == 3 else "bu,bsu->bs"
    scores = ops.cast(ops.einsum(pattern, queries, keys), "float32")
    missing = (1.0 - ops.cast(mask, "float32")) * -1e9
    scores = scores + (missing[:, None] if len(queries.shape) == 3 else missing)
    weights = ops.exp(scores - ops.logsumexp(scores, axis=-1, keepdims=True))
    weights = ops.cast(weights, values.dtype)
    pattern = "bts,bsd->btd" if len(queries.shape) == 3 else "bs,bsd->bd"
    return ops.einsum(pattern, weights, values), weights


def sentence_loss(logits, targets):
    r"""Cross-entropy of a sentence, $-\sum_t \log p(y_t)$, in nats per sentence.

    Args:
        logits: shape (batch, time, words).
        targets: y, whole numbers, 0 where the sentence is over, shape (batch, time).

    Returns:
        Shape (batch,).
    """
    logits = ops.cast(logits, "float32")
    asked = ops.cast(ops.not_equal(targets, 0), "float32")
    normalizer = ops.logsumexp(logits, axis=-1)
    wanted = ops.one_hot(ops.cast(targets, "int32"), logits.shape[-1])
    scores = ops.sum(wanted * logits, axis=-1)
    return ops.sum(asked * (normalizer - scores), axis=-1)


def unchanged_by_random(word):
    r"""Probability that a random order gives the word itself, $\prod_c m_c! / L!$."""
    orders = math.factorial(len(word))
    for count in collections.Counter(word).values():
        orders //= math.factorial(count)
    return 1 / orders


def unchanged_by_middle(word):
    """The same where the first and the last letter stay."""
    return unchanged_by_random(word[1:-1]) if len(word) > 3 else 1.0


def unchanged_by_swap(word):
    """The share of equal pairs among the L - 3 pairs of inner neighbours."""
    if len(word) < 4:
        return 1.0
    inner = word[1:-1]
    equal = sum(a == b for a, b in zip(inner, inner[1:], strict=False))
    return equal / (len(inner) - 1)


def filter_variances(kernel):
    r"""How much filters differ along a word, one number per embedding dimension.

    $$\frac{1}{F} \sum_f \mathrm{Var}_s(W_{f,s,d})$$

    Args:
        kernel: W, shape (k, dim, filters).

    Returns:
        Shape (dim,).
    """
    return ops.mean(ops.var(kernel, axis=0), axis=-1)


def flatness(kernel):
    r"""The same, all dimensions, as a share of the mean square of W.

    Independent weights of mean 0 give $(k-1)/k$ at any scale, a filter that is constant
    along the word gives 0.
    """
    return ops.mean(filter_variances(kernel)) / ops.mean(ops.square(kernel))
