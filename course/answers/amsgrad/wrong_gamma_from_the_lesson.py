"""Takes the lesson's step size, alpha / sqrt(t), whatever p is."""

# loses: gamma_sequence

import numpy as np


def gamma_sequence(grads, alpha, p, b2, kind):
    v, total, rows = np.zeros(grads.shape[1]), 0, []
    for t, g in enumerate(grads, start=1):
        v, total = b2 * v + (1 - b2) * g**2, total + g**2
        rows.append(total / t if kind == "adagrad" else v)
    if kind == "amsgrad":
        rows = np.maximum.accumulate(rows, axis=0)
    steps = np.arange(1, len(grads) + 1)[:, None]
    return np.diff(np.sqrt(rows) * np.sqrt(steps) / alpha, axis=0)
