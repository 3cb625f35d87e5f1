"""Compares an identity with that of its own clip once more."""

# loses: group_loss

import numpy as np


def group_loss(embeddings, margin):
    units = embeddings / np.linalg.norm(embeddings, axis=-1, keepdims=True)
    d = 1 - units @ np.swapaxes(units, 1, 2)
    positive = [d[:, 0, 1], d[:, 2, 3], d[:, 4, 5]]
    count = len(d)
    if count > 1:
        across = 1 - units[:, 4] @ units[:, 5].T
        positive.append(np.diag(across))
    blocks = [d[:, :2, 2:4], d[:, :2, 4:], d[:, 2:4, 4:]]
    hinges = np.maximum(0, margin - np.stack(blocks, axis=1))
    return float(np.mean(positive) + hinges.mean())
