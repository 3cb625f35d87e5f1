"""Measures places from the first pixel, not from the centre."""

# loses: parallel_projection

import numpy as np


def parallel_projection(x, theta, m):
    count, h, w = x.shape
    v, u = np.mgrid[:h, :w]
    theta = np.asarray(theta)[:, None]
    place = u.ravel() * np.cos(theta) + v.ravel() * np.sin(theta)
    share = 1 - np.abs(place[:, :, None] - (np.arange(m) - (m - 1) / 2))
    return np.einsum("bp,bpm->bm", x.reshape(count, -1), np.maximum(0, share))
