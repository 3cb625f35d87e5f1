"""Pays for one present class only."""

# loses: margin_loss

import numpy as np


def margin_loss(lengths, targets):
    present = np.maximum(0, 0.9 - lengths) ** 2
    absent = np.maximum(0, lengths - 0.1) ** 2
    return (
        np.eye(lengths.shape[1])[targets.argmax(1)] * present
        + 0.5 * (1 - targets) * absent
    ).sum(axis=1)
