"""Takes the mean over no labels, which is not a number."""

# loses: semi_supervised_cost

import warnings

import numpy as np
from scipy import special


def semi_supervised_cost(nll, kl, logits, y, weight):
    known = y >= 0
    logs = special.log_softmax(logits[known], axis=1)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        entropy = -np.mean(logs[np.arange(known.sum()), y[known]])
    return np.mean(nll + kl) + weight * entropy
