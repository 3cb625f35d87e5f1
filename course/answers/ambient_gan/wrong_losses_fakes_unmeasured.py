"""Returns the losses of an ordinary GAN: samples are not measured."""

# loses: ambient_losses

import numpy as np


def ambient_losses(critic, y, generated, measure, draw):
    fake, real = critic(generated), critic(y)
    hinge = np.maximum(0, 1 - real).mean() + np.maximum(0, 1 + fake).mean()
    return hinge, -fake.mean()
