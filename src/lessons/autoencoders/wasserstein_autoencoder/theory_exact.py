r"""Theorem 1 of arXiv:1711.01558 on finite spaces, where both sides are programs.

A decoder maps finitely many codes to points, not necessarily to different ones. Its
distribution $P_G$ puts on each point the sum of the weights of the codes that land
there. NumPy and SciPy, float64; programs of plain transport are those of
`toolkit.transport`.
"""

import numpy as np
from scipy import optimize, sparse

from lessons.toolkit.errors import UserError


def push_forward(points, weights):
    """The distribution of G(Z): different points, and the weight of each.

    Args:
        points: G(z) of each code, shape (codes, d).
        weights: of the codes, shape (codes,).

    Returns:
        (points, weights), shapes (m, d) and (m,).
    """
    different, which = np.unique(points, axis=0, return_inverse=True)
    return different, np.bincount(which.ravel(), weights, minlength=len(different))


def best_encoder(cost, data_weights, prior=None):
    r"""The cheapest random encoder, as a linear program over $Q(z|x)$.

    $$\min_Q \sum_i p_i \sum_j Q(z_j | x_i)\, c(x_i, G(z_j)), \qquad
      \sum_j Q(z_j | x_i) = 1, \qquad \sum_i p_i Q(z_j | x_i) = p_Z(z_j)$$

    Args:
        cost: $c(x_i, G(z_j))$, shape (points, codes).
        data_weights: $p_i$, shape (points,).
        prior: $p_Z$, shape (codes,); None leaves the last constraint out, as a plain
            autoencoder does.

    Returns:
        (value, Q), a float and an array of shape (points, codes).

    Raises:
        UserError: the weights do not fit the cost.
    """
    n, m = cost.shape
    data_weights = np.asarray(data_weights, float)
    if data_weights.shape != (n,) or (prior is not None and np.shape(prior) != (m,)):
        raise UserError(
            f"a cost of shape {cost.shape} needs {n} weights of data and {m} of codes."
        )
    if prior is not None and not np.isclose(np.sum(prior), np.sum(data_weights)):
        raise UserError("weights of data and of codes must have equal sums.")
    conditions = [sparse.kron(sparse.eye_array(n), np.ones((1, m)))]
    targets = [np.ones(n)]
    if prior is not None:
        conditions.append(sparse.kron(data_weights[None], sparse.eye_array(m)))
        targets.append(np.asarray(prior, float))
    answer = optimize.linprog(
        (data_weights[:, None] * cost).ravel(),
        A_eq=sparse.vstack(conditions).tocsr(),
        b_eq=np.concatenate(targets),
        method="highs",
    )
    return float(answer.fun), answer.x.reshape(n, m)
