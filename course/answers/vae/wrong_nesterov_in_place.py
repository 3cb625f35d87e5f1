"""Changes the arrays given, though the numbers are right."""

# loses: nesterov_step

import numpy as np


def nesterov_step(theta, velocity, grad, lr, momentum):
    np.multiply(velocity, momentum, out=velocity)
    velocity += grad
    theta -= lr * (grad + momentum * velocity)
    return theta, velocity
