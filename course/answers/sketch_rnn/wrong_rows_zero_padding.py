"""Leaves zeros in the rows after the end."""

# loses: to_rows

import numpy as np


def to_rows(strokes, n_max):
    moving = np.any(strokes != 0, axis=1)
    kept = np.array(strokes[moving], float)
    if len(kept) > n_max:
        kept = kept[:n_max]
        kept[-1, 2] = 1
    rows = np.zeros((n_max + 1, 5))
    rows[0] = (0, 0, 1, 0, 0)
    end = len(kept) + 1
    rows[1:end, :2] = kept[:, :2]
    rows[1:end, 2] = 1 - kept[:, 2]
    rows[1:end, 3] = kept[:, 2]
    rows[1:end, 4] = 0
    return rows
