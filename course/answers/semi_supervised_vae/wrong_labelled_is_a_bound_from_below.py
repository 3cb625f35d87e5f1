"""Returns the ELBO itself instead of the cost."""

# loses: labelled_bound

import numpy as np


def labelled_bound(log_px, kl_z, prior, labels):
    return log_px.mean(axis=0) + np.log(prior[labels]) - kl_z
