"""Takes windows that are one scale too narrow."""

# loses: scale_max_pool

import numpy as np


def scale_max_pool(x, m_out):
    width = max(len(x) - m_out, 1)
    parts = [x[j : j + width] for j in range(m_out)]
    values = np.stack([part.max(axis=0) for part in parts])
    winners = np.stack([j + part.argmax(axis=0) for j, part in enumerate(parts)])
    return values, winners.astype(float)
