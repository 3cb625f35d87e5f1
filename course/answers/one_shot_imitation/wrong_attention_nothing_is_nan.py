"""Divides 0 by 0 where nothing is present."""

# loses: counted_attention

import numpy as np


def counted_attention(query, context, memory, scale, counts):
    scores = np.tanh(query[:, None] + context[None]) @ scale
    low = np.where(counts > 0, scores, -np.inf)
    top = np.max(low, axis=1, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    parts = counts * np.exp(low - top)
    total = parts.sum(axis=1, keepdims=True)
    weights = parts / total
    return weights @ memory, weights
