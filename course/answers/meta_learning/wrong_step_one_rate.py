"""Takes the first rate for all tensors."""

# loses: inner_step

import numpy as np


def inner_step(parameters, gradients, rates, limit):
    moved = []
    for value, gradient in zip(parameters, gradients, strict=True):
        if gradient is None:
            moved.append(np.array(value))
        else:
            moved.append(value - rates[0] * np.clip(gradient, -limit, limit))
    return moved
