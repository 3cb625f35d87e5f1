"""Computes a softmax by its definition, which overflows."""

# loses: semi_supervised_cost

import numpy as np


def semi_supervised_cost(nll, kl, logits, y, weight):
    known = np.flatnonzero(y >= 0)
    if not len(known):
        return np.mean(nll + kl)
    with np.errstate(all="ignore"):
        probs = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        entropy = -np.log(probs[known, y[known]]).mean()
    return np.mean(nll + kl) + weight * entropy
