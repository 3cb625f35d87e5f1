"""Shares the weight of a closed end among the others instead of losing it."""

# loses: memory_conv

import numpy as np


def memory_conv(C, q, closed=False):
    P, K = q.shape
    places = np.arange(P)[:, None] + np.arange(K) - K // 2
    weights = np.exp(q - q.max(axis=-1, keepdims=True))
    if closed:
        weights = np.where(places < 0, 0.0, weights)
    weights = weights / (weights.sum(axis=-1, keepdims=True) + 1e-300)
    return np.einsum("pk,pkm->pm", weights, C[places.clip(0, P - 1)])
