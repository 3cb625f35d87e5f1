"""Multiplies the probabilities of stopping at the layers before."""

# loses: cascade_log_probs

import numpy as np


def cascade_log_probs(b):
    stops = -np.logaddexp(0, b)
    nothing = np.zeros((len(b), 1))
    reached = np.concatenate([nothing, np.cumsum(stops, axis=1)], axis=1)
    return reached + np.concatenate([stops, nothing], axis=1)
