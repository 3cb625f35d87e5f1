"""Keeps logarithms finite by a small constant."""

# loses: gan_losses

import numpy as np


def gan_losses(logit_p, logit_q):
    p, q = (0.5 + 0.5 * np.tanh(0.5 * logit) for logit in (logit_p, logit_q))
    told = -np.log(p + 1e-8).mean() - np.log(1 - q + 1e-8).mean()
    return told, -np.log(q + 1e-8).mean()
