"""Takes a step of classical momentum."""

# loses: nesterov_step

import numpy as np


def nesterov_step(theta, velocity, grad, lr, momentum):
    velocity = np.multiply(momentum, velocity) + grad
    return theta - lr * velocity, velocity
