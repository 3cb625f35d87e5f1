"""Takes a minimum where the maximum belongs."""

# loses: hinge_losses

import numpy as np


def hinge_losses(real, fake, margin=1.0):
    d = np.minimum(0, margin - real).mean() + np.minimum(0, margin + fake).mean()
    return float(d), float(-fake.mean())
