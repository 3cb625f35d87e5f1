"""Multiplies by the mask instead of selecting."""

# loses: sequence_estimate

import numpy as np


def sequence_estimate(log_p, log_prior, log_q, mask):
    parts = [mask * part for part in (log_p, log_prior, log_q)]
    weights = np.sum(parts[0] + parts[1] - parts[2], axis=2)
    return np.logaddexp.reduce(weights, axis=0) - np.log(len(weights))
