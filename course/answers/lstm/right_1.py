"""A right answer with SciPy and einsum."""

import numpy as np
from scipy import special

WRITTEN = r"""
1. $1 + e^1 = 3.7$ steps. I would set the bias to about $\ln 500$ or use chrono biases.
   The cell of 1997 has a self-weight of exactly 1, so it keeps everything; it cannot
   forget, and its content grows without end.
2. At most 50 steps. With streams the forward pass knows older text through the state,
   the gradient still stops at the border of a chunk.
3. Too high, since each window starts without context. Look at the loss by position in
   the window, once from zero and once with the state carried.
"""


def lstm_step(x, h, c, W, U, b, mask):
    i, f, g, o = np.split(x @ W + h @ U + b, 4, axis=1)
    new = special.expit(f) * c + special.expit(i) * np.tanh(g)
    out = special.expit(o) * np.tanh(new)
    stop = np.asarray(mask) == 0
    new[stop], out[stop] = c[stop], h[stop]
    return out, new


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
                e_c * states[t][1] * (f - f**2),
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


def sample_probs(logits, tau, banned=()):
    keep = np.ones(np.shape(logits)[-1], bool)
    keep[list(banned)] = False
    probabilities = np.zeros(np.shape(logits))
    probabilities[..., keep] = special.softmax(logits[..., keep] / tau, axis=-1)
    return probabilities


def bits_per_char(logits, ids, lengths, warm_up=0):
    log_p = special.log_softmax(logits, axis=-1)
    total, count = 0.0, 0
    for row, length in enumerate(lengths):
        for t in range(warm_up, length):
            total -= log_p[row, t, ids[row, t]] / np.log(2)
            count += 1
    return total / count


def forget_bias_for(T, share=0.5):
    log_q = np.log(share) / np.asarray(T, float)
    return log_q - np.log(-np.expm1(log_q))
