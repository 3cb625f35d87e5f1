"""A right answer with loops, one location and one sequence at a time."""

import math

import numpy as np

WRITTEN = r"""
1. Earlier: x_t has not arrived. Later: x_{t+1} has arrived too, so the answer knows what it
   should say next. Zero gradients above the diagonal hold in the first case as well.
2. More state (P M cells), and dead parameters at P = 1. Vary M at P = 1 until the cells, or
   the live parameters, are as many, and compare the losses at the same budget.
3. It counts sequential steps. Every step works on P locations, so products are not fewer.
"""


def depth(K, P=None, L=None):
    if K <= 1:
        raise ValueError(K)
    reach = math.floor(K / 2)
    if L is not None:
        return reach * L
    steps = 0
    while steps * reach < P:
        steps += 1
    return steps


def windows(row, H, top, K):
    P, M = H.shape
    result = np.zeros((P, K, M))
    for p in range(1, P + 1):
        for k in range(K):
            place = p - K // 2 + k
            if place == 0:
                result[p - 1, k] = row
            if 1 <= place <= P:
                result[p - 1, k] = H[place - 1]
            if place == P + 1:
                result[p - 1, k] = top
    return result.reshape(P, -1)


def memory_conv(C, q, closed=False):
    P, K = q.shape
    result = []
    for p in range(P):
        weights = np.exp(q[p] - max(q[p]))
        total, value = weights.sum(), np.zeros(C.shape[1])
        for k in range(K):
            place = p - K // 2 + k
            if place < 0:
                value = value + (0.0 if closed else 1.0) * weights[k] / total * C[0]
            else:
                value = value + weights[k] / total * C[min(place, P - 1)]
        result.append(value)
    return np.array(result)


def channel_norm(Z, gain=None, bias=None, eps=1e-3):
    result = np.empty(Z.shape)
    for place in np.ndindex(Z.shape[:-1]):
        z = Z[place]
        mean = sum(z) / len(z)
        variance = sum((v - mean) ** 2 for v in z) / len(z)
        row = (z - mean) / (variance + eps) ** 0.5
        if gain is not None:
            row = row * gain[place[-1]]
        if bias is not None:
            row = row + bias[place[-1]]
        result[place] = row
    return result


def tlstm(rows, lengths, W, b, P):
    batch, T, M = rows.shape
    Y = np.zeros((batch, T, M))
    last_h, last_c = np.zeros((batch, P, M)), np.zeros((batch, P, M))
    for n in range(batch):
        h, c = np.zeros((P + 1, M)), np.zeros((P + 1, M))
        for s in range(int(lengths[n]) + P - 1):
            h[0] = rows[n, s] if s < lengths[n] else 0
            c[0] = c[1]
            old_h, old_c = h.copy(), c.copy()
            for p in range(1, P + 1):
                A = np.concatenate([old_h[p - 1], old_h[p]]) @ W + b
                i, f, o = (1 / (1 + np.exp(-A[k * M : (k + 1) * M])) for k in (1, 2, 3))
                q = 1 / (1 + np.exp(A[4 * M + 1] - A[4 * M]))
                moved = q * old_c[p - 1] + (1 - q) * old_c[p]
                c[p] = np.tanh(A[:M]) * i + moved * f
                h[p] = np.tanh(c[p]) * o
            if s >= P - 1:
                Y[n, s - P + 1] = h[P]
        last_h[n], last_c[n] = h[1:], c[1:]
    return Y, last_h, last_c
