"""Puts a floor of 1e-3 under the probabilities, as the Singlish program did."""

# loses: sample_probs

import numpy as np
from scipy import special


def sample_probs(logits, tau, banned=()):
    keep = np.ones(np.shape(logits)[-1], bool)
    keep[list(banned)] = False
    probabilities = np.zeros(np.shape(logits))
    probabilities[..., keep] = special.softmax(logits[..., keep] / tau, axis=-1)
    probabilities[..., keep] = np.maximum(probabilities[..., keep], 1e-3)
    return probabilities / probabilities.sum(axis=-1, keepdims=True)
