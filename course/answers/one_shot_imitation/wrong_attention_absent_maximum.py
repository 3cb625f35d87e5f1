"""Subtracts the largest score of all entries, the absent ones too."""

# loses: counted_attention

import numpy as np


def counted_attention(query, context, memory, scale, counts):
    scores = np.tanh(query[:, None] + context[None]) @ scale
    low = np.where(counts > 0, scores, -np.inf)
    top = np.max(scores, axis=1, keepdims=True)
    top = np.where(np.isfinite(top), top, 0.0)
    parts = counts * np.exp(low - top)
    total = parts.sum(axis=1, keepdims=True)
    weights = parts / np.where(total > 0, total, 1.0)
    return weights @ memory, weights
