"""Names the last of several equal scales."""

# loses: scale_max_pool

import numpy as np


def scale_max_pool(x, m_out):
    width = len(x) - m_out + 1
    parts = [x[j : j + width] for j in range(m_out)]
    values = np.stack([part.max(axis=0) for part in parts])
    winners = [
        j + width - 1 - part[::-1].argmax(axis=0) for j, part in enumerate(parts)
    ]
    return values, np.stack(winners).astype(float)
