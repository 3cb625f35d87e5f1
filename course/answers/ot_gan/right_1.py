"""A right answer with POT's ideas in plain NumPy, and the dual program solved apart."""

import numpy as np
from scipy import optimize
from scipy.spatial.distance import cdist

WRITTEN = r"""
1. A WGAN critic is the best potential for one generator only; when it lags, its value is
   no distance any more, so it must be kept near its maximum. OT-GAN matches anew in every
   step: for any features its loss is a distance, so a slow critic does no harm.
2. (a) A fixed function of one sample: the generator collapses to its best points. (b) The
   energy distance of features: g = p stays a minimum.
3. No, E W(X, Y) is positive even at g = p, and smaller for a g with less spread.
"""


def emd_lp(a, b, C):
    n, m = C.shape
    bounds = [(0, 0 if np.isinf(c) else None) for c in C.ravel()]
    finite = np.where(np.isinf(C), 0.0, C)
    sums = np.vstack([np.kron(np.eye(n), np.ones(m)), np.kron(np.ones(n), np.eye(m))])
    primal = optimize.linprog(finite.ravel(), None, None, sums, np.r_[a, b], bounds)
    allowed = np.isfinite(C).ravel()
    dual = optimize.linprog(
        -np.r_[a, b], sums.T[allowed], C.ravel()[allowed], bounds=(None, None)
    )
    return primal.fun, primal.x.reshape(n, m), dual.x[:n], dual.x[n:]


def sinkhorn_log(C, eps, n_iter, a=None, b=None):
    n, m = C.shape
    a = np.ones(n) / n if a is None else a
    b = np.ones(m) / m if b is None else b
    f = np.zeros(n, C.dtype)
    log_a, log_b = np.log(a).astype(C.dtype), np.log(b).astype(C.dtype)
    for _ in range(n_iter):
        h = eps * (log_b - np.logaddexp.reduce((f[:, None] - C) / eps))
        f = eps * (log_a - np.logaddexp.reduce((h[None] - C) / eps, axis=1))
    return np.exp((f[:, None] + h[None] - C) / eps), f, h


def energy_distance_sq(x, y, beta=1.0):
    n, m = len(x), len(y)
    if n < 2 or m < 2:
        raise ValueError("not enough points")
    total = 2 * np.mean(cdist(x, y) ** beta)
    total -= np.sum(cdist(x, x) ** beta) / (n * (n - 1))
    return total - np.sum(cdist(y, y) ** beta) / (m * (m - 1))


def med_loss(W, is_data):
    s = is_data.astype(float)
    t = 1 - s
    off = W - np.diag(np.diag(W))
    n, m = s.sum(), t.sum()
    within = s @ off @ s / (n * (n - 1)) + t @ off @ t / (m * (m - 1))
    return 2 * (s @ W @ t) / (n * m) - within


def matched_gradient(M, U, V):
    length = np.sqrt(np.sum(U**2, axis=1))
    unit, other = U / length[:, None], V / np.linalg.norm(V, axis=1)[:, None]
    cosine = np.sum(M * (unit @ other.T), axis=1)
    return (cosine[:, None] * unit - M @ other) / length[:, None]
