"""A right answer in TensorFlow and plain loops."""

import itertools

import numpy as np
import tensorflow as tf
from scipy.optimize import linprog


def emd_lp(a, b, C):
    n, m = C.shape
    pairs = [(i, j) for i in range(n) for j in range(m) if C[i, j] < np.inf]
    A = np.zeros((n + m, len(pairs)))
    for k, (i, j) in enumerate(pairs):
        A[i, k] = A[n + j, k] = 1.0
    costs = [C[pair] for pair in pairs]
    result = linprog(costs, A_eq=A, b_eq=np.append(a, b))
    P = np.zeros_like(C)
    for pair, amount in zip(pairs, result.x, strict=True):
        P[pair] = amount
    f, h = np.split(result.eqlin.marginals, [n])
    return result.fun, P, f, h


def sinkhorn_log(C, eps, n_iter, a=None, b=None):
    n, m = C.shape
    a = np.full(n, 1 / n) if a is None else a
    b = np.full(m, 1 / m) if b is None else b
    K = -tf.constant(C) / eps
    log_a = tf.math.log(tf.constant(a, K.dtype))
    log_b = tf.math.log(tf.constant(b, K.dtype))
    f = tf.zeros(n, K.dtype)
    for _ in range(n_iter):
        h = log_b - tf.reduce_logsumexp(K + f[:, None], axis=0)
        f = log_a - tf.reduce_logsumexp(K + h[None], axis=1)
    return (
        tf.exp(K + f[:, None] + h[None]).numpy(),
        (eps * f).numpy(),
        (eps * h).numpy(),
    )


def energy_distance_sq(x, y, beta=1.0):
    if len(x) == 1 or len(y) == 1:
        raise ValueError

    def distance(pair):
        return np.linalg.norm(pair[0] - pair[1]) ** beta

    between = np.mean([distance(pair) for pair in itertools.product(x, y)])
    within = [
        np.mean(list(map(distance, itertools.combinations(z, 2)))) for z in (x, y)
    ]
    return 2 * between - sum(within)


def med_loss(W, is_data):
    groups = {"between": [], "data": [], "generated": []}
    for i, j in itertools.combinations(range(len(W)), 2):
        kind = "data" if is_data[i] else "generated"
        groups[kind if is_data[i] == is_data[j] else "between"].append(W[i, j])
    mean = {kind: float(np.mean(values)) for kind, values in groups.items()}
    return 2 * mean["between"] - mean["data"] - mean["generated"]


def matched_gradient(M, U, V):
    U = tf.constant(U)
    with tf.GradientTape() as tape:
        tape.watch(U)
        first, second = (
            tf.linalg.normalize(U, axis=1)[0],
            tf.linalg.normalize(V, axis=1)[0],
        )
        cost = -tf.reduce_sum(M * (first @ tf.transpose(second)))
    return tape.gradient(cost, U).numpy()
