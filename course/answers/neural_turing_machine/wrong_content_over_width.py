"""Runs the softmax over the width of a slot, not over slots."""

# loses: content_weights

import numpy as np


def content_weights(M, k, beta):
    norms = np.linalg.norm(M, axis=1, keepdims=True) * np.linalg.norm(k)
    parts = beta * np.divide(M * k, norms, out=np.zeros(M.shape), where=norms > 0)
    powers = np.exp(parts - parts.max(axis=1, keepdims=True))
    return (powers / powers.sum(axis=1, keepdims=True)).max(axis=1)
