"""Adds the rate times the gradient."""

# loses: inner_step

import numpy as np


def inner_step(parameters, gradients, rates, limit):
    moved = []
    for value, gradient, rate in zip(parameters, gradients, rates, strict=True):
        if gradient is None:
            moved.append(np.array(value))
        else:
            moved.append(value + rate * np.clip(gradient, -limit, limit))
    return moved
