"""Leaves out what the block knows of itself."""

# loses: neighborhood_attention

import numpy as np


def neighborhood_attention(h, b, s, params):
    context = h @ params["context"] + params["context_bias"]
    parts = [np.zeros_like(h)]
    for kernel, bias in zip(params["query"], params["query_bias"], strict=True):
        query = h @ kernel + bias
        scores = np.tanh(query[:, None] + context[None]) @ params["scale"]
        scores = scores - scores.max(axis=1, keepdims=True)
        alpha = np.exp(scores)
        alpha = alpha / alpha.sum(axis=1, keepdims=True)
        parts += [alpha @ b - b, alpha @ h]
    parts += [b, np.tile(s, (len(h), 1))]
    return np.concatenate(parts, axis=1) @ params["out"] + params["out_bias"]
