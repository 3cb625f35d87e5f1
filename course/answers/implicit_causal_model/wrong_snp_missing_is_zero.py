"""Takes a missing genotype for one without the allele."""

# loses: x_chromosome_log_lik

import numpy as np


def x_chromosome_log_lik(x, copies, logits):
    x, c = x.astype(float), copies[:, None].astype(float)
    x = np.maximum(x, 0)
    terms = -x * np.logaddexp(0, -logits) - (c - x) * np.logaddexp(0, logits)
    return (terms + np.log(2) * ((c == 2) & (x == 1))).sum()
