"""Takes the saturating form, log(1 - D(q)), as the encoder's loss."""

# loses: gan_losses

import numpy as np


def gan_losses(logit_p, logit_q):
    told = np.logaddexp(0, -logit_p).mean() + np.logaddexp(0, logit_q).mean()
    return told, -np.logaddexp(0, logit_q).mean()
