"""Takes the lesson's prior: every class has probability 1 / K."""

# loses: labelled_bound

import numpy as np


def labelled_bound(log_px, kl_z, prior, labels):
    return kl_z - log_px.mean(axis=0) + np.log(len(prior))
