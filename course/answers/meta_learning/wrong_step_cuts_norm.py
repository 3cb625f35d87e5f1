"""Shortens a gradient by its norm where its entries are to be cut."""

# loses: inner_step

import numpy as np


def inner_step(parameters, gradients, rates, limit):
    moved = []
    for value, gradient, rate in zip(parameters, gradients, rates, strict=True):
        if gradient is None:
            moved.append(np.array(value))
        else:
            moved.append(
                value
                - rate * gradient * min(1, limit / max(np.linalg.norm(gradient), 1e-9))
            )
    return moved
