"""A right answer with SciPy and plain loops."""

import heapq

import numpy as np
from scipy import linalg


def procrustes(X, Y, c):
    root = np.sqrt(c)[:, None]
    turn, _ = linalg.orthogonal_procrustes(X * root, Y * root)
    return turn.T


def orthogonalize(W, beta, steps):
    u, s, vt = np.linalg.svd(W, full_matrices=False)
    for _ in range(steps):
        s = s + beta * s * (1 - s * s)
    return (u * s[..., None, :]) @ vt


def csls(S, k_row, k_column):
    n, m = S.shape
    result = 2 * S
    for i in range(n):
        near = heapq.nlargest(k_row, S[i])
        result[i] -= sum(near) / len(near)
    for j in range(m):
        near = heapq.nlargest(k_column, S[:, j])
        result[:, j] -= sum(near) / len(near)
    return result


def mutual_pairs(S, margin):
    n, m = S.shape
    found = []
    for i in range(n):
        for j in range(m):
            beaten = True
            for other in range(m):
                if other != j and S[i, other] + margin >= S[i, j]:
                    beaten = False
            for other in range(n):
                if other != i and S[other, j] + margin >= S[i, j]:
                    beaten = False
            if beaten:
                found.append((i, j))
    return found


def precision_at_k(S, gold, k, weights):
    right, wrong = 0.0, 0.0
    for row in sorted(gold):
        if not gold[row]:
            continue
        order = sorted(range(S.shape[1]), key=lambda j: (-S[row, j], j))
        if gold[row].isdisjoint(order[:k]):
            wrong += weights[row]
        else:
            right += weights[row]
    return float(right / (right + wrong) * 100)
