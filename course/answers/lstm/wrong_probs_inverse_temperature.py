"""Multiplies the logits by the temperature."""

# loses: sample_probs

import numpy as np
from scipy import special


def sample_probs(logits, tau, banned=()):
    keep = np.ones(np.shape(logits)[-1], bool)
    keep[list(banned)] = False
    probabilities = np.zeros(np.shape(logits))
    probabilities[..., keep] = special.softmax(logits[..., keep] * tau, axis=-1)
    return probabilities
