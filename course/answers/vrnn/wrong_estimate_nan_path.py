"""Takes out the largest weight, also where it is minus infinity."""

# loses: sequence_estimate

import numpy as np


def sequence_estimate(log_p, log_prior, log_q, mask):
    parts = [np.where(mask, part, 0.0) for part in (log_p, log_prior, log_q)]
    weights = np.sum(parts[0] + parts[1] - parts[2], axis=2)
    top = weights.max(axis=0)
    return top + np.log(np.mean(np.exp(weights - top), axis=0))
