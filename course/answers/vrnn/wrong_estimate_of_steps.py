"""Takes the mean of exponentials in each step and adds the logarithms."""

# loses: sequence_estimate

import numpy as np


def sequence_estimate(log_p, log_prior, log_q, mask):
    parts = [np.where(mask, part, 0.0) for part in (log_p, log_prior, log_q)]
    weights = parts[0] + parts[1] - parts[2]
    steps = np.logaddexp.reduce(weights, axis=0) - np.log(len(weights))
    return np.sum(steps, axis=1)
