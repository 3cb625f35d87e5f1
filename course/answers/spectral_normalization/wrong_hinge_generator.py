"""Puts a hinge on the generator's loss, too."""

# loses: hinge_losses

import numpy as np


def hinge_losses(real, fake, margin=1.0):
    d = np.maximum(0, margin - real).mean() + np.maximum(0, margin + fake).mean()
    return float(d), float(np.maximum(0, margin - fake).mean())
