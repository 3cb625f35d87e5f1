"""Forgets the factor of two in the gradient."""

# loses: depth_loss

import numpy as np


def depth_loss(v, depth):
    places = np.arange(v.shape[2])
    front = places < depth[..., None]
    surface = places == depth[..., None]
    loss = np.sum(v[front] ** 2) + np.sum((1 - v[surface]) ** 2)
    return loss, v * front + (v - 1) * surface
