"""Changes the arrays that it was given."""

# loses: inner_step

import numpy as np


def inner_step(parameters, gradients, rates, limit):
    moved = []
    for value, gradient, rate in zip(parameters, gradients, rates, strict=True):
        if gradient is None:
            moved.append(np.array(value))
        else:
            value[...] = value - rate * np.clip(gradient, -limit, limit)
            moved.append(value)
    return moved
