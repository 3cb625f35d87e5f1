"""Gives each pixel to the nearest detector."""

# loses: parallel_projection

import numpy as np


def parallel_projection(x, theta, m):
    count, h, w = x.shape
    v, u = np.mgrid[:h, :w]
    u, v = u - (w - 1) / 2, v - (h - 1) / 2
    result = np.zeros((count, m))
    for b in range(count):
        place = u * np.cos(theta[b]) + v * np.sin(theta[b]) + (m - 1) / 2
        index = np.rint(place).astype(int)
        inside = (index >= 0) & (index < m)
        np.add.at(result[b], index[inside], x[b][inside])
    return result
