"""A right answer with loops, and modes as eigenvalues."""

import math

import numpy as np


def schedule(epoch, start, stop, floor, hold, rate, kappa):
    held = 0
    while held + hold <= epoch:
        held += hold
    if held <= start:
        alpha = 1.0
    else:
        alpha = 1.0 - (held - start) / (stop - start)
    if alpha < floor:
        alpha = floor
    if alpha < 0.75:
        rate = rate * math.exp(-kappa * (0.75 - alpha))
    return alpha, rate


def roll(params, x, W, s, alphas):
    rows = []
    for row in x:
        window = list(row[:W])
        h = np.zeros(params["b"].shape)
        out = []
        for t, alpha in enumerate(alphas):
            total = params["b"] + h @ params["W_h"]
            for i in range(W):
                total = total + window[i] * params["W_x"][i]
            h = np.tanh(total)
            p = params["b_o"] + params["W_o"].T @ h
            out.extend(p)
            for j in range(s):
                window.pop(0)
                if alpha == 0:
                    window.append(p[j])
                else:
                    true = row[W + t * s + j]
                    window.append(alpha * true + (1 - alpha) * p[j])
        rows.append(out)
    return np.array(rows)


def error_radius(w, alpha, d):
    size = len(w) + d - 1
    if size == 0:
        return 0.0
    carry = np.zeros((size, size))
    for k in range(size - 1):
        carry[k + 1, k] = 1.0
    for k in range(len(w)):
        carry[0, d - 1 + k] = (1 - alpha) * w[k]
    return float(np.abs(np.linalg.eigvals(carry)).max())


def resonator(F, b, fs, f1):
    radius = math.exp(-math.pi * b / fs)
    first = 2 * radius * math.cos(2 * math.pi * F / fs)
    second = -radius * radius
    w = 2 * math.pi * f1 / fs
    real = 1 - first * math.cos(w) - second * math.cos(2 * w)
    imaginary = first * math.sin(w) + second * math.sin(2 * w)
    return math.hypot(real, imaginary), first, second


def num_windows(N, W, s, ahead):
    count = 0
    start = 0
    while start + W + ahead <= N:
        count += 1
        start += s
    return count
