r"""Exact optimal transport, and what is known on paper.

The independent route for what `sinkhorn` computes: NumPy and SciPy, float64. The
linear programs are the toolkit's.
"""

import itertools

import numpy as np
from scipy import optimize, special, stats

from lessons.toolkit.errors import UserError
from lessons.toolkit.transport import (
    c_transform,
    dual,
    kantorovich_rubinstein,
    primal,
    round_to_feasible,
)

__all__ = [
    "c_transform",
    "dual",
    "expected_minibatch_distance",
    "gaussian_energy_distance",
    "kantorovich_rubinstein",
    "penalized_slope",
    "primal",
    "round_to_feasible",
    "wasserstein_1d",
]


def wasserstein_1d(x, y):
    r"""$W_1 = \frac1n \sum_i |x_{(i)} - y_{(i)}|$ for equally many numbers.

    Args:
        x, y: shape (..., n); sorted along the last axis here.
    """
    return np.mean(np.abs(np.sort(x, -1) - np.sort(y, -1)), axis=-1)


def gaussian_energy_distance(shift):
    r"""Squared energy distance of $N(0,1)$ and $N(m,1)$.

    $$2 E|N(m, 2)| - 4/\sqrt\pi$$
    with the mean of the folded normal distribution.
    """
    folded = 2 / np.sqrt(np.pi) * np.exp(-(shift**2) / 4)
    folded += shift * special.erf(shift / 2)
    return 2 * folded - 4 / np.sqrt(np.pi)


def expected_minibatch_distance(theta, truth, batch_size, kind):
    r"""$E\, D(\hat P_K, B(\theta))$ for Bernoulli data (Bellemare et al. 2017), exact.

    The empirical frequency $\hat p$ of $K$ draws is binomial; on two points the
    Wasserstein distance is $|\hat p - \theta|$ and the Cramér distance its square.

    Args:
        theta: parameters of the model, shape (t,).
        truth: parameter of the data.
        batch_size: $K$.
        kind: "wasserstein" or "cramer".

    Returns:
        Shape (t,).
    """
    if kind not in ("wasserstein", "cramer"):
        raise UserError(f"unknown kind {kind!r}. Allowed: wasserstein, cramer.")
    counts = np.arange(batch_size + 1)
    probability = stats.binom.pmf(counts, batch_size, truth)
    gap = np.abs(counts / batch_size - np.asarray(theta)[:, None])
    return (gap if kind == "wasserstein" else gap**2) @ probability


def penalized_slope(shift, weight):
    r"""Slope of the best linear critic for $q = p + m$ under a gradient penalty.

    The objective $s m - \lambda (s - 1)^2$ is largest at $s = 1 + m / (2\lambda)$,
    above the 1 that Kantorovich and Rubinstein allow.

    Args:
        shift: $m > 0$.
        weight: $\lambda$.
    """
    return 1.0 + shift / (2.0 * weight)


def octagon_distance(size):
    r"""$D^2_{MED}$ between the even and the odd corners of a regular octagon.

    The cost is the cosine distance $1 - \cos$; every pair of mini-batches is matched
    exactly, and all of them are averaged.

    Args:
        size: points of a mini-batch, 1 to 3: there are 16 ** size pairs.
    """
    angles = np.pi / 4 * np.arange(8)
    cost = 1.0 - np.cos(angles[:, None] - angles)
    even, odd = (
        list(itertools.product(range(first, 8, 2), repeat=size)) for first in (0, 1)
    )

    def mean(some, others):
        costs = (cost[np.ix_(x, y)] for x in some for y in others)
        return np.mean([c[optimize.linear_sum_assignment(c)].mean() for c in costs])

    return float(2 * mean(even, odd) - mean(even, even) - mean(odd, odd))
