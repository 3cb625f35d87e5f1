"""A right answer that goes through singular value decompositions where it may."""

import numpy as np

WRITTEN = r"""
1. The sum of squares is a budget: what the first direction gets, the others lose, and
   rank one is best for any given direction. Such a critic sees few features; the
   generator only has to match those. Under the spectral norm the others are free.
2. It is the plain gradient at W/sigma: the factor 1/sigma and the term -lambda u v^T are
   missing, because the assignment is not differentiated.
3. No, up to 2: F(x) = x with identity matrices on positive inputs gives 2x.
"""


def power_iteration(W, u, n):
    u = u / np.sqrt(np.sum(u * u))
    v = np.ones(W.shape[1]) / np.sqrt(W.shape[1])
    for _ in range(n):
        back = u @ W
        length = np.linalg.norm(back)
        if length == 0:
            return 0.0, u, v
        v = back / length
        ahead = W @ v
        u = ahead / np.linalg.norm(ahead)
    return float(np.linalg.norm(W @ v)), u, v


def spectral_normalize(kernel, u, n=1):
    flat = np.moveaxis(kernel, -1, 0).reshape(kernel.shape[-1], -1)
    for _ in range(n):
        v = flat.T @ u
        v = v / np.linalg.norm(v)
        u = flat @ v
        u = u / np.linalg.norm(u)
    estimate = float(u @ (flat @ v))
    return kernel / max(estimate, 1.0), u


def sn_gradient(W, u1, v1, delta, h, gamma=1.0):
    sigma = np.linalg.norm(W, 2)
    normal = W / sigma
    outer = np.einsum("no,ni->oi", delta, h)
    lam = np.einsum("no,oi,ni->", delta, normal, h)
    return gamma / sigma * (outer - lam * np.outer(u1, v1)), float(lam)


def hinge_losses(real, fake, margin=1.0):
    d = -np.mean(np.minimum(0, real - margin)) - np.mean(np.minimum(0, -fake - margin))
    return float(d), -float(np.mean(fake))


def lipschitz_bound(weights, slopes):
    bound = 1.0
    for W in weights:
        bound *= np.linalg.svd(W, compute_uv=False)[0]
    for pair in slopes:
        bound *= np.max(np.abs(pair))
    return float(bound)
