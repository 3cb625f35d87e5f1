"""Reads what the rows hold after the end of a sequence."""

# loses: tlstm

import numpy as np


def tlstm(rows, lengths, W, b, P):
    batch, T, M = rows.shape

    def sigmoid(z):
        return 1 / (1 + np.exp(-z))

    H, C = np.zeros((batch, P, M)), np.zeros((batch, P, M))
    Y = np.zeros((batch, T, M))
    for s in range(T + P - 1):
        row = np.zeros((batch, M))
        if s < T:
            row = rows[:, s]
        below = np.concatenate([row[:, None], H[:, :-1]], axis=1)
        A = np.concatenate([below, H], axis=-1) @ W + b
        g, i, f, o = (A[..., n * M : (n + 1) * M] for n in range(4))
        share = sigmoid(A[..., -2:-1] - A[..., -1:])
        old = C
        earlier = np.concatenate([old[:, :1], old[:, :-1]], axis=1)
        moved = share * earlier + (1 - share) * old
        new = np.tanh(g) * sigmoid(i) + moved * sigmoid(f)
        alive = (s < lengths + P - 1)[:, None, None]
        H = np.where(alive, np.tanh(new) * sigmoid(o), H)
        C = np.where(alive, new, C)
        t = s - (P - 1)
        if t >= 0:
            Y[:, t] = np.where((t < lengths)[:, None], H[:, -1], 0.0)
    return Y, H, C
