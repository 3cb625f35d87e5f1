"""Measures the real measurements once more."""

# loses: ambient_losses

import numpy as np


def ambient_losses(critic, y, generated, measure, draw):
    fake = critic(measure(generated, draw(len(generated))))
    real = critic(measure(y, draw(len(y))))
    hinge = np.maximum(0, 1 - real).mean() + np.maximum(0, 1 + fake).mean()
    return hinge, -fake.mean()
