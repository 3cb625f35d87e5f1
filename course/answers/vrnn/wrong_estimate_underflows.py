"""Takes exponentials as they are, which underflow for long sequences."""

# loses: sequence_estimate

import numpy as np


def sequence_estimate(log_p, log_prior, log_q, mask):
    parts = [np.where(mask, part, 0.0) for part in (log_p, log_prior, log_q)]
    weights = np.sum(parts[0] + parts[1] - parts[2], axis=2)
    return np.log(np.mean(np.exp(weights), axis=0))
