"""Takes the logarithm of a rounded probability."""

# loses: gan_losses

import numpy as np


def gan_losses(logit_p, logit_q):
    with np.errstate(over="ignore", divide="ignore"):
        p, q = 1 / (1 + np.exp(-logit_p)), 1 / (1 + np.exp(-logit_q))
        return -np.log(p).mean() - np.log(1 - q).mean(), -np.log(q).mean()
