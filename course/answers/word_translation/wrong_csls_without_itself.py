"""Leaves the best neighbour out of each neighbourhood."""

# loses: csls

import numpy as np


def csls(S, k_row, k_column):
    rows = np.sort(S, axis=1)[:, ::-1][:, 1 : k_row + 1]
    columns = np.sort(S, axis=0)[::-1][1 : k_column + 1]
    rows = rows.sum(axis=1) / max(rows.shape[1], 1)
    columns = columns.sum(axis=0) / max(columns.shape[0], 1)
    return 2 * S - rows[:, None] - columns
