r"""Exact optimal transport between weighted points, as linear programs.

NumPy and SciPy, float64. For large equal samples `scipy.optimize.linear_sum_assignment`
finds the same value faster.
"""

from typing import NamedTuple

import numpy as np
from scipy import optimize, sparse

from lessons.toolkit.errors import UserError

_SAME_SUM = 1e-5  # relative; float32 weights sum to 1 within about 1e-7


class Primal(NamedTuple):
    """Value and plan (n, m) of the transport problem."""

    value: float
    plan: np.ndarray


class Dual(NamedTuple):
    """Value and potentials f (n,), h (m,) of the dual problem."""

    value: float
    rows: np.ndarray
    columns: np.ndarray


def _checked(cost, a, b):
    cost = np.asarray(cost, dtype=np.float64)
    if cost.ndim != 2:
        raise UserError(f"a cost must have shape (n, m), got {cost.shape}.")
    n, m = cost.shape
    a = np.full(n, 1 / n) if a is None else np.asarray(a, dtype=np.float64)
    b = np.full(m, 1 / m) if b is None else np.asarray(b, dtype=np.float64)
    if a.shape != (n,) or b.shape != (m,):
        raise UserError(
            f"a cost of shape {cost.shape} needs weights of shapes ({n},) and ({m},), "
            f"got {a.shape} and {b.shape}."
        )
    least, sums = min(a.min(), b.min()), (a.sum(), b.sum())
    if not (least >= 0 and sums[0] > 0 and abs(sums[1] / sums[0] - 1) < _SAME_SUM):
        raise UserError(
            "weights must not be negative and must have equal sums above 0, got a "
            f"least weight of {least:g} and sums of {sums[0]:.9g} and {sums[1]:.9g}."
        )
    # Sums that differ by the rounding of float32 would leave the program no solution.
    return cost, a, b * (sums[0] / sums[1])


def _sums(n, m):
    """The matrix that maps a plan, row by row, to its row and column sums."""
    rows = sparse.kron(sparse.eye_array(n), np.ones((1, m)))
    columns = sparse.kron(np.ones((1, n)), sparse.eye_array(m))
    return sparse.vstack([rows, columns]).tocsr()


def primal(cost, a=None, b=None):
    r"""Kantorovich's problem: $\min_{P \ge 0} \langle P, C \rangle$.

    The plan has row sums $a$ and column sums $b$.

    Args:
        cost: $C$, shape (n, m).
        a, b: weights, uniform by default; of any dtype. Their sums may differ by
            what float32 rounds: then $b$ is scaled to the sum of $a$.

    Raises:
        UserError: weights are negative, or of another shape or sum.
    """
    cost, a, b = _checked(cost, a, b)
    n, m = cost.shape
    answer = optimize.linprog(
        cost.ravel(), A_eq=_sums(n, m), b_eq=np.concatenate([a, b]), method="highs"
    )
    return Primal(float(answer.fun), answer.x.reshape(n, m))


def dual(cost, a=None, b=None):
    r"""$\max_{f, h} a^T f + b^T h$ subject to $f_i + h_j \le C_{ij}$.

    A program of its own, not read off the multipliers of `primal`.
    """
    cost, a, b = _checked(cost, a, b)
    n, m = cost.shape
    answer = optimize.linprog(
        -np.concatenate([a, b]),
        A_ub=_sums(n, m).T.tocsr(),
        b_ub=cost.ravel(),
        bounds=(None, None),
        method="highs",
    )
    return Dual(float(-answer.fun), answer.x[:n], answer.x[n:])


def kantorovich_rubinstein(x, y, distance):
    r"""$W_1 = \sup_{Lip(f) \le 1} E_p f - E_g f$ on the points themselves.

    Args:
        x, y: points, shapes (n, d) and (m, d).
        distance: function of two sets of points, a metric.

    Returns:
        (value, f at x, f at y).
    """
    points = np.concatenate([x, y])
    weights = np.concatenate(
        [np.full(len(x), 1 / len(x)), np.full(len(y), -1 / len(y))]
    )
    size = len(points)
    first, second = np.nonzero(~np.eye(size, dtype=bool))
    row = np.arange(len(first))
    slopes = sparse.coo_array(
        (
            np.concatenate([np.ones(len(first)), -np.ones(len(first))]),
            (np.concatenate([row, row]), np.concatenate([first, second])),
        ),
        shape=(len(first), size),
    ).tocsr()
    answer = optimize.linprog(
        -weights,
        A_ub=slopes,
        b_ub=distance(points, points)[first, second],
        bounds=[(0, 0), *[(None, None)] * (size - 1)],  # f is known up to a constant
        method="highs",
    )
    return float(-answer.fun), answer.x[: len(x)], answer.x[len(x) :]


def c_transform(cost, rows):
    r"""The best $h$ for a given $f$: $h_j = \min_i (C_{ij} - f_i)$."""
    return np.min(np.asarray(cost) - np.asarray(rows)[:, None], axis=0)


def round_to_feasible(plan, a=None, b=None):
    """The plan moved to the exact marginals (Altschuler et al. 2017, algorithm 2).

    Rows and columns that are too heavy are scaled down; what is missing is spread as
    a product. Its cost is an upper bound of the exact value.
    """
    plan, a, b = _checked(plan, a, b)
    plan = plan * np.minimum(a / plan.sum(1), 1.0)[:, None]
    plan = plan * np.minimum(b / plan.sum(0), 1.0)
    missing_rows, missing_columns = a - plan.sum(1), b - plan.sum(0)
    total = missing_rows.sum()
    if total <= 0:
        return plan
    return plan + np.outer(missing_rows, missing_columns) / total
