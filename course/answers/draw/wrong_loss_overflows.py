"""Takes exp of large numbers."""

# loses: hybrid_loss

import numpy as np


def hybrid_loss(lx, lz, evidence, first, y, alpha):
    canvas = first + np.cumsum(evidence, axis=1)
    total = np.log(np.exp(canvas).sum(axis=2))
    true = canvas[np.arange(len(y)), :, y]
    return float(np.mean(lx + lz) + alpha * np.mean(total - true))
