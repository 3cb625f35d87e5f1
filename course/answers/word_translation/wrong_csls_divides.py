"""Divides by k even where fewer neighbours exist."""

# loses: csls

import numpy as np


def csls(S, k_row, k_column):
    rows = np.sort(S, axis=1)[:, -k_row:].sum(axis=1) / k_row
    columns = np.sort(S, axis=0)[-k_column:].sum(axis=0) / k_column
    return 2 * S - rows[:, None] - columns
