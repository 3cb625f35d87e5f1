"""Lets entries that are not finite through."""

# loses: rescale

import numpy as np


def rescale(grads, threshold):
    norm = np.sqrt(sum(np.sum(grad**2) for grad in grads.values()))
    factor = min(1.0, threshold / norm) if norm > 0 else 1.0
    return {name: grad * factor for name, grad in grads.items()}
