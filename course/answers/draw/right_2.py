"""A right answer with loops, as the definitions stand."""

import math

import numpy as np


def filterbank(g, delta, sigma, k, N, A):
    found = np.zeros((len(g), N, A))
    for b in range(len(g)):
        for i in range(N):
            step = i + 1 - N / 2 - 0.5
            mean = g[b] + step * delta[b]
            width = sigma[b] * (1 + k * abs(step))
            logs = [-((a + 1 - mean) ** 2) / (2 * width**2) for a in range(A)]
            top = max(logs)
            values = [math.exp(log - top) for log in logs]
            for a in range(A):
                found[b, i, a] = values[a] / math.fsum(values)
    return found


def read(x, F_X, F_Y, gamma):
    rows = []
    for b in range(len(x)):
        parts = [
            gamma[b, c] * (F_Y[b] @ x[b, :, :, c] @ F_X[b].T) for c in range(x.shape[3])
        ]
        rows.append(np.stack(parts, axis=2))
    return np.stack(rows)


def write(w, F_X, F_Y, gamma):
    rows = []
    for b in range(len(w)):
        parts = [
            F_Y[b].T @ w[b, :, :, c] @ F_X[b] / gamma[b, c] for c in range(w.shape[3])
        ]
        rows.append(np.stack(parts, axis=2))
    return np.stack(rows)


def draw_kl(mus, sigmas, s):
    total = np.zeros(mus.shape[1])
    for t in range(len(s)):
        for j in range(mus.shape[2]):
            m, v = mus[t, :, j], sigmas[t, :, j]
            total = total + math.log(s[t]) - np.log(v)
            total = total + (v**2 + m**2) / (2 * s[t] ** 2) - 0.5
    return total


def hybrid_loss(lx, lz, evidence, first, y, alpha):
    costs = []
    for b in range(len(y)):
        canvas = first
        for e in evidence[b]:
            canvas = canvas + e
            costs.append(np.logaddexp.reduce(canvas) - canvas[y[b]])
    return np.mean(lx) + np.mean(lz) + alpha * np.mean(costs)
