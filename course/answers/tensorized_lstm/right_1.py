"""A right answer in NumPy, vectorised."""

import numpy as np

WRITTEN = r"""
1. The last location depends on x_t for the first time L - 1 steps after it went in, and on
   x_{t+1} one step after that. Read earlier, the answer misses its own input; read later, it
   has seen the next one, which is cheating where the next one is to be predicted. A test that
   only asks for zeros above the diagonal does not notice the first; ask for a gradient on it.
2. Four locations hold four times as many memory cells: try one location with more channels.
   With one location a third of the kernel meets only zeros, so the numbers that can move are
   5,046: compare with one location that has 7,569 live ones. A longer delay is a third.
3. Counted are steps that wait for each other, T + L - 1 instead of T L. The work per step
   grows with P, so in total it is a little more.
"""


def depth(K, P=None, L=None):
    if K < 2:
        raise ValueError("K must be at least 2")
    if P is not None:
        return int(np.ceil(2 * P / (K - K % 2)))
    return (K - K % 2) * L // 2


def windows(row, H, top, K):
    P, M = H.shape
    padded = np.zeros((P + K + 1, M))
    first = K // 2 - 1
    padded[first] = row
    padded[first + 1 : first + 1 + P] = H
    padded[first + 1 + P] = top
    places = np.arange(P)[:, None] + np.arange(K)
    return padded[places].reshape(P, K * M)


def memory_conv(C, q, closed=False):
    P, K = q.shape
    weights = np.exp(q - q.max(axis=-1, keepdims=True))
    weights /= weights.sum(axis=-1, keepdims=True)
    places = np.arange(P)[:, None] + np.arange(K) - K // 2
    if closed:
        weights = np.where(places < 0, 0.0, weights)
    return np.einsum("pk,pkm->pm", weights, C[places.clip(0, P - 1)])


def channel_norm(Z, gain=None, bias=None, eps=1e-3):
    hat = (Z - Z.mean(-1, keepdims=True)) / np.sqrt(Z.var(-1, keepdims=True) + eps)
    gain = 1.0 if gain is None else gain
    return hat * gain + (0.0 if bias is None else bias)


def tlstm(rows, lengths, W, b, P):
    batch, T, M = rows.shape
    delay = P - 1
    steps = np.arange(T + delay)
    flushed = np.zeros((batch, T + delay, M))
    inside = np.arange(T) < np.asarray(lengths)[:, None]
    flushed[:, :T] = np.where(inside[..., None], rows, 0.0)
    alive = steps < np.asarray(lengths)[:, None] + delay
    H = C = np.zeros((batch, P, M))
    said = []
    for s in steps:
        seen = np.concatenate([flushed[:, s, None], H], axis=1)
        A = seen[:, :-1] @ W[:M] + seen[:, 1:] @ W[M:] + b
        g = np.tanh(A[..., :M])
        i, f, o = np.moveaxis(
            1 / (1 + np.exp(-A[..., M : 4 * M])).reshape(batch, P, 3, M), 2, 0
        )
        logits = A[..., 4 * M :]
        q = 1 / (1 + np.exp(logits[..., ::-1] - logits))
        before = C[:, np.maximum(np.arange(P) - 1, 0)]
        new = g * i + f * (q[..., :1] * before + q[..., 1:] * C)
        on = alive[:, s, None, None]
        H, C = np.where(on, o * np.tanh(new), H), np.where(on, new, C)
        said.append(H[:, -1])
    Y = np.zeros((batch, T, M))
    Y[inside] = np.stack(said, axis=1)[:, delay:][inside]
    return Y, H, C
