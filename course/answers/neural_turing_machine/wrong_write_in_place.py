"""Changes the memory it is given."""

# loses: write

import numpy as np


def write(M, ws, es, as_):
    M *= np.prod(1 - ws[:, :, None] * es[:, None, :], axis=0)
    M += ws.T @ as_
    return M
