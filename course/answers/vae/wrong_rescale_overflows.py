"""Squares entries of 1e200: takes a finite gradient for an infinite one."""

# loses: rescale

import numpy as np


def rescale(grads, threshold):
    norm = np.sqrt(sum(np.sum(grad**2) for grad in grads.values()))
    if not np.isfinite(norm):
        return {name: np.zeros_like(grad) for name, grad in grads.items()}
    factor = threshold / max(threshold, norm)
    return {name: factor * grad for name, grad in grads.items()}
