"""Drops pixels that lie beyond the last detector."""

# loses: parallel_projection

import numpy as np


def parallel_projection(x, theta, m):
    count, h, w = x.shape
    v, u = np.mgrid[:h, :w]
    u, v = (u - (w - 1) / 2).ravel(), (v - (h - 1) / 2).ravel()
    theta = np.asarray(theta)[:, None]
    place = u * np.cos(theta) + v * np.sin(theta)
    inside = np.abs(place) <= (m - 1) / 2 - 1
    share = np.maximum(0, 1 - np.abs(place[:, :, None] - (np.arange(m) - (m - 1) / 2)))
    return np.einsum("bp,bpm->bm", x.reshape(count, -1) * inside, share)
