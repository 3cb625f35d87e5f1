"""Draws one mask for the whole batch."""

# loses: ambient_losses

import numpy as np


def ambient_losses(critic, y, generated, measure, draw):
    theta = np.repeat(draw(1), len(generated), axis=0)
    fake, real = critic(measure(generated, theta)), critic(y)
    hinge = np.maximum(0, 1 - real).mean() + np.maximum(0, 1 + fake).mean()
    return hinge, -fake.mean()
