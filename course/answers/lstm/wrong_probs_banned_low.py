"""Gives banned characters a logit of -1e4, which others may have too."""

# loses: sample_probs

import numpy as np


def sample_probs(logits, tau, banned=()):
    scaled = np.array(logits, dtype=float)
    scaled[..., list(banned)] = -1e4
    weights = np.exp((scaled - scaled.max(axis=-1, keepdims=True)) / tau)
    return weights / weights.sum(axis=-1, keepdims=True)
