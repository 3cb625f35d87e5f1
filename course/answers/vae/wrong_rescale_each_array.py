"""Clips each array by its own norm."""

# loses: rescale

import numpy as np


def rescale(grads, threshold):
    if not all(np.isfinite(grad).all() for grad in grads.values()):
        return {name: np.zeros_like(grad) for name, grad in grads.items()}
    norms = {name: np.linalg.norm(grad) for name, grad in grads.items()}
    return {
        name: grad * threshold / max(threshold, norms[name])
        for name, grad in grads.items()
    }
