"""Draws again for the generator."""

# loses: ambient_losses

import numpy as np


def ambient_losses(critic, y, generated, measure, draw):
    fake, again = (critic(measure(generated, draw(len(generated)))) for _ in range(2))
    hinge = np.maximum(0, 1 - critic(y)).mean() + np.maximum(0, 1 + fake).mean()
    return hinge, -again.mean()
