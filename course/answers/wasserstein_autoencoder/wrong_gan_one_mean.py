"""Takes one mean over draws and codes together."""

# loses: gan_losses

import numpy as np


def gan_losses(logit_p, logit_q):
    both = np.concatenate([np.logaddexp(0, -logit_p), np.logaddexp(0, logit_q)])
    return 2 * both.mean(), np.logaddexp(0, -logit_q).mean()
