"""Pools over channels instead of scales."""

# loses: scale_max_pool

import numpy as np


def scale_max_pool(x, m_out):
    x = np.moveaxis(x, 3, 0)
    width = max(len(x) - m_out + 1, 1)
    parts = [x[j : j + width] for j in range(min(m_out, len(x)))]
    values = np.stack([part.max(axis=0) for part in parts])
    winners = np.stack([j + part.argmax(axis=0) for j, part in enumerate(parts)])
    return np.moveaxis(values, 0, 3), np.moveaxis(winners, 0, 3).astype(float)
