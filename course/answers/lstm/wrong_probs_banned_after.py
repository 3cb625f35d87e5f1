"""Bans after the softmax and does not share out what is left."""

# loses: sample_probs

import numpy as np
from scipy import special


def sample_probs(logits, tau, banned=()):
    probabilities = special.softmax(np.asarray(logits) / tau, axis=-1)
    probabilities[..., list(banned)] = 0
    return probabilities
