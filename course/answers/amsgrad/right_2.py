"""A right answer in plain loops over Python numbers."""

import math

import numpy as np


def adaptive_step(x, g, state, alpha_t, phi, psi, low, high):
    m, v = phi(state[0], g), psi(state[1], g)
    moved = []
    for index in range(len(x)):
        value = float(x[index])
        if v[index] != 0:
            value -= alpha_t * float(m[index]) / math.sqrt(v[index])
        moved.append(min(max(value, low[index]), high[index]))
    return np.array(moved), (m, v)


def amsgrad_update(x, g, m, v, vhat, t, alpha, b1, b2):
    rows = []
    for x_, g_, m_, v_, top in zip(x, g, m, v, vhat, strict=True):
        m_ = (b1 * m_ + (t - b1) * g_) / t
        v_ = b2 * v_ + (1 - b2) * g_**2
        top = max(top, v_)
        rows.append((x_ - alpha * m_ / math.sqrt(t) / math.sqrt(top), m_, v_, top))
    return tuple(np.array(column) for column in zip(*rows, strict=True))


def gamma_sequence(grads, alpha, p, b2, kind):
    columns = []
    for column in grads.T:
        total = average = top = 0.0
        scaled = []
        for t, g in enumerate(column, start=1):
            total += g * g
            average = b2 * average + (1 - b2) * g * g
            top = max(top, average)
            v = {"adam": average, "amsgrad": top, "adagrad": total / t}[kind]
            scaled.append(math.sqrt(v) * t**p / alpha)
        columns.append([b - a for a, b in zip(scaled, scaled[1:], strict=False)])
    return np.array(columns).T


def regret(xs, grads, radius):
    paid = sum(float(x @ g) for x, g in zip(xs, grads, strict=True))
    total = sum(grads)
    norm = math.hypot(*total)
    best = -radius * total / norm if norm else total
    return paid - float(best @ total)


def counterexample_gradient(t, spike, rest, period):
    steps = np.asarray(t)
    values = [spike if step % period == 1 else rest for step in steps.ravel()]
    return np.array(values, dtype=float).reshape(steps.shape)
