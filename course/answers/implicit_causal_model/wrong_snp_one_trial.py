"""Makes one trial of each genotype, as if everybody had one copy."""

# loses: x_chromosome_log_lik

import numpy as np


def x_chromosome_log_lik(x, copies, logits):
    x = x.astype(float)
    terms = -x * np.logaddexp(0, -logits) - (1 - x) * np.logaddexp(0, logits)
    return np.where(x < 0, 0, terms).sum()
