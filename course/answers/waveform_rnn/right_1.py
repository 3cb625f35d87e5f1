"""A right answer in NumPy, as short as it gets."""

import numpy as np

WRITTEN = r"""
1. The error follows the predictor's own recursion with every weight times 1 - alpha. The
   roots of that polynomial do not move in a line between those at the two ends; with large
   alternating weights, which finely sampled sounds have, some leave the unit circle.
2. A closed-form linear predictor on the same windows: if it generates as well, mixed
   training taught nothing. And the plain network over several seeds, with the same falling
   rate: differences below the spread between seeds or voices show nothing.
3. Silence wins against the right sound with a wrong phase. Compare after alignment or over
   the first periods, and show energy and spectrum too.
"""


def schedule(epoch, start, stop, floor, hold, rate, kappa):
    alpha = np.clip((stop - epoch // hold * hold) / (stop - start), floor, 1.0)
    return alpha, rate * np.exp(kappa * np.minimum(0.0, alpha - 0.75))


def roll(params, x, W, s, alphas):
    heard, kept = np.copy(x[:, :W]), []
    for t, alpha in enumerate(alphas):
        carried = h @ params["W_h"] if kept else 0.0
        h = np.tanh(heard[:, -W:] @ params["W_x"] + carried + params["b"])
        p = h @ params["W_o"] + params["b_o"]
        true = x[:, W + t * s :][:, :s] if alpha else p
        heard = np.hstack([heard, p + alpha * (true - p)])
        kept.append(p)
    return np.hstack(kept)


def error_radius(w, alpha, d):
    degree = len(w) + d - 1
    polynomial = np.zeros(degree + 1)
    polynomial[0] = 1.0
    polynomial[d:] = (alpha - 1) * w
    return np.abs(np.roots(polynomial)).max(initial=0.0)


def resonator(F, b, fs, f1):
    pole = np.exp((-b + 2j * F) * np.pi / fs)
    turn = np.exp(-2j * np.pi * f1 / fs)
    gain = abs((1 - pole * turn) * (1 - pole.conjugate() * turn))
    return gain, 2 * pole.real, -(abs(pole) ** 2)


def num_windows(N, W, s, ahead):
    return max(0, (N - W - ahead + s) // s)
