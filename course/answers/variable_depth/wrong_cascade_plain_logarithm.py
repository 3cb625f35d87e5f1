"""Takes the logarithm of a sigmoid, which underflows."""

# loses: cascade_log_probs

import numpy as np


def cascade_log_probs(b):
    with np.errstate(all="ignore"):
        goes_on = np.log(1 / (1 + np.exp(-b)))
        stops = np.log(1 - 1 / (1 + np.exp(-b)))
    nothing = np.zeros((len(b), 1))
    reached = np.concatenate([nothing, np.cumsum(goes_on, axis=1)], axis=1)
    return reached + np.concatenate([stops, nothing], axis=1)
