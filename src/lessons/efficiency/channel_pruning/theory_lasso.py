r"""ISTA beside the sub-gradient method on a Lasso, in NumPy.

$F(w) = \frac12 \|A w - y\|^2 + \lambda \|w\|_1$, a convex problem with a known optimum
(Beck and Teboulle 2009; section 4.2 of arXiv:1802.00124 takes the same step for
$\gamma$).
"""

import numpy as np


def problem(seed=0, rows=40, columns=20, weight=5.0, noise=0.5):
    """A random Lasso of which a quarter of the true weights are not 0.

    Args:
        seed: of the matrix, the true weights and the noise.
        rows, columns: of the matrix.
        weight: of the penalty.
        noise: standard deviation of the noise in the targets.

    Returns:
        (matrix, targets, weight): shapes (rows, columns), (rows,), and a float.
    """
    rng = np.random.default_rng(seed)
    matrix = rng.normal(size=(rows, columns))
    true = rng.normal(size=columns) * (rng.random(columns) < 0.25)
    return matrix, matrix @ true + noise * rng.normal(size=rows), weight


def objective(matrix, targets, weight, w):
    r"""$\frac12 \|A w - y\|^2 + \lambda \|w\|_1$.

    Args:
        matrix, targets, weight: $A$, $y$, $\lambda$ of a `problem`.
        w: shape (columns,).
    """
    return 0.5 * np.sum((matrix @ w - targets) ** 2) + weight * np.abs(w).sum()


def lipschitz(matrix):
    """The greatest curvature L of the smooth part; 1 / L is the step of ISTA."""
    return np.linalg.norm(matrix, 2) ** 2


def ista(matrix, targets, weight, steps):
    """The path of ISTA from 0, shape (steps + 1, columns).

    Args:
        matrix, targets, weight: of a `problem`.
        steps: how many.
    """
    size = 1 / lipschitz(matrix)
    path = [np.zeros(matrix.shape[1])]
    for _ in range(steps):
        moved = path[-1] - size * matrix.T @ (matrix @ path[-1] - targets)
        short = np.maximum(np.abs(moved) - size * weight, 0)
        path.append(np.sign(moved) * short)
    return np.array(path)


def subgradient(matrix, targets, weight, steps):
    r"""The path of the sub-gradient method from 0, with steps $1 / (L \sqrt t)$.

    Args:
        matrix, targets, weight: of a `problem`.
        steps: how many.

    Returns:
        Shape (steps + 1, columns).
    """
    first = 1 / lipschitz(matrix)
    path = [np.zeros(matrix.shape[1])]
    for t in range(1, steps + 1):
        slope = matrix.T @ (matrix @ path[-1] - targets) + weight * np.sign(path[-1])
        path.append(path[-1] - first / np.sqrt(t) * slope)
    return np.array(path)
