"""Gives the last layer a gate with logit 0."""

# loses: cascade_log_probs

import numpy as np


def cascade_log_probs(b):
    padded = np.pad(b, ((0, 0), (0, 1)))
    goes_on, stops = -np.logaddexp(0, -padded), -np.logaddexp(0, padded)
    return np.cumsum(goes_on, axis=1) - goes_on + stops
