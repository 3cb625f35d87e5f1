"""Takes out one largest weight of all paths and all sequences."""

# loses: sequence_estimate

import numpy as np


def sequence_estimate(log_p, log_prior, log_q, mask):
    parts = [np.where(mask, part, 0.0) for part in (log_p, log_prior, log_q)]
    weights = np.sum(parts[0] + parts[1] - parts[2], axis=2)
    top = np.max(weights)
    if np.isneginf(top):
        return np.full(weights.shape[1], top)
    with np.errstate(divide="ignore"):
        return top + np.log(np.mean(np.exp(weights - top), axis=0))
