"""Takes the lesson's cosine, with its small constant."""

# loses: content_weights

import numpy as np


def content_weights(M, k, beta):
    norms = np.linalg.norm(M, axis=1) * np.linalg.norm(k)
    scores = beta * (M @ k) / (norms + 1e-8)
    powers = np.exp(scores - scores.max())
    return powers / powers.sum()
