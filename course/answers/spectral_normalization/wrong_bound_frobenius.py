"""Multiplies Frobenius norms: a bound, but far too large."""

# loses: lipschitz_bound

import numpy as np


def lipschitz_bound(weights, slopes):
    steep = [max(abs(a), abs(b)) for a, b in slopes]
    return float(np.prod([np.linalg.norm(W) for W in weights]) * np.prod(steep))
