"""Leaves at the last exit that passes before the end."""

# loses: dynamic_predict

import numpy as np


def dynamic_predict(probabilities, thresholds):
    ordered = np.sort(probabilities, axis=-1)
    passes = ordered[..., -1] - ordered[..., -2] >= thresholds[:, None]
    count = len(passes)
    late = count - 2 - passes[:-1][::-1].argmax(axis=0) if count > 1 else 0
    exits = np.where(passes[:-1].any(axis=0), late, count - 1)
    chosen = probabilities[exits, np.arange(probabilities.shape[1])]
    return chosen.argmax(axis=-1), exits
