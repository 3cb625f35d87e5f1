"""Gives the forget gate the new cell instead of the old one."""

# loses: lstm_backward

import numpy as np
from scipy import special


def lstm_backward(x, h0, c0, W, U, b, d_h, d_c):
    states, gates = [(h0, c0)], []
    for x_t in x:
        h, c = states[-1]
        i, f, g, o = np.split(x_t @ W + h @ U + b, 4, axis=1)
        i, f, o, g = special.expit(i), special.expit(f), special.expit(o), np.tanh(g)
        c = f * c + i * g
        gates.append((i, f, g, o))
        states.append((o * np.tanh(c), c))
    back_h, back_c, errors = np.zeros_like(h0), np.zeros_like(c0), []
    for t in range(len(x) - 1, -1, -1):
        (i, f, g, o), squashed = gates[t], np.tanh(states[t + 1][1])
        e_h = back_h + d_h[t]
        e_c = back_c + d_c[t] + e_h * o / np.cosh(states[t + 1][1]) ** 2
        e_z = np.hstack(
            [
                e_c * g * (i - i**2),
                e_c * states[t + 1][1] * (f - f**2),
                e_c * i * (1 - g * g),
                e_h * squashed * (o - o**2),
            ]
        )
        errors.append(e_z)
        back_h, back_c = e_z @ U.T, e_c * f
    e_z = np.stack(errors[::-1])
    before = np.stack([h for h, _ in states[:-1]])
    return {
        "W": np.einsum("tbm,tbz->mz", x, e_z),
        "U": np.einsum("tbn,tbz->nz", before, e_z),
        "b": np.einsum("tbz->z", e_z),
        "x": np.einsum("tbz,mz->tbm", e_z, W),
        "h0": back_h,
        "c0": back_c,
    }
