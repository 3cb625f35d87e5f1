"""Multiplies what lies above the exit by 0, which leaves NaN."""

# loses: early_exit

import numpy as np


def early_exit(g, p, tau):
    enough = np.cumsum(g, axis=1) >= tau - 1e-9
    enough[:, -1] = True
    at = enough.argmax(axis=1)
    here = np.arange(g.shape[1]) <= at[:, None]
    mixture = ((here * g)[..., None] * p).sum(axis=1)
    return mixture.argmax(axis=1), at + 1
