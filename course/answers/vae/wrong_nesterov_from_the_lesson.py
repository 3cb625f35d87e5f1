"""Keeps the lesson's convention: the rate and the sign inside the velocity."""

# loses: nesterov_step

import numpy as np


def nesterov_step(theta, velocity, grad, lr, momentum):
    velocity = np.multiply(momentum, velocity) - lr * grad
    return theta + momentum * velocity - lr * grad, velocity
