"""A right answer in NumPy, as short as it gets."""

import numpy as np
from scipy.special import log_softmax, logsumexp, softmax

WRITTEN = r"""
1. Give each drawing the code of another one: if the loss stays, the code is not read. The
   gap can also come from a faster start (a learned first state, more parameters) or from
   the seed; train longer and over several seeds.
2. max(L_KL, floor) is constant below the floor, so its gradient is exactly zero there; from
   above it is pushed down. At most N_z L_KL nats are said: 8 * 0.05 = 0.4, less than a bit;
   128 * 0.2 = 25.6 would be a lot, so the floor alone does not make a code empty.
3. N_max L_R + N_z L_KL nats bound a drawing's negative log probability. The loss is this
   divided by N_max for w = N_z / N_max; any other weight is a beta of w N_max / N_z.
"""


def to_rows(strokes, n_max):
    kept = strokes[np.abs(strokes).sum(axis=1) > 0]
    lifted = kept[:n_max, 2] + (np.arange(min(len(kept), n_max)) == n_max - 1) * (
        len(kept) > n_max
    )
    lifted = np.minimum(lifted, 1)
    real = np.column_stack([kept[:n_max, :2], 1 - lifted, lifted, 0 * lifted])
    padding = np.tile([0.0, 0, 0, 0, 1], (n_max - len(real), 1))
    return np.vstack([[[0.0, 0, 1, 0, 0]], real, padding])


def reconstruction(numbers, rows, M, mask_pen):
    pen, weights, x, y, log_x, log_y, raw = np.split(
        numbers, 3 + M * np.arange(6), axis=-1
    )
    rho = 0.95 * np.tanh(raw)
    a = (rows[..., :1] - x) / np.exp(log_x)
    b = (rows[..., 1:2] - y) / np.exp(log_y)
    free = 1 - rho**2
    log_n = -((a - rho * b) ** 2 / free + b**2) / 2 - np.log(2 * np.pi * np.sqrt(free))
    log_p = logsumexp(log_softmax(weights, -1) + log_n - log_x - log_y, axis=-1)
    real = rows[..., 4] < 0.5
    log_q = (rows[..., 2:] * log_softmax(pen, -1)).sum(-1)
    kept = real if mask_pen else np.ones_like(real)
    return -(np.where(real, log_p, 0) + np.where(kept, log_q, 0)).mean(-1)


def kl_term(mean, log_var, weight, floor):
    each = (mean**2 + np.exp(log_var) - log_var).mean(axis=1) / 2 - 0.5
    return weight * np.maximum(each, floor).mean()


def at_temperature(pen_logits, weight_logits, scales, tau_pen, tau, squared):
    def law(logits, t):
        if t > 0:
            return softmax((logits - logits.max()) / t)
        return (np.arange(len(logits)) == logits.argmax()).astype(float)

    variances = scales**2 * (tau * tau if squared else tau)
    return law(pen_logits, tau_pen), law(weight_logits, tau), np.sqrt(variances)


def simplify(points, eps, most):
    kept = np.array([0, len(points) - 1])
    while len(kept) < most:
        gaps = np.zeros(len(points))
        for first, last in zip(kept, kept[1:], strict=False):
            along = points[last] - points[first]
            apart = points[first:last] - points[first]
            part = np.clip(apart @ along / max(along @ along, 1e-300), 0, 1)
            gaps[first:last] = np.linalg.norm(apart - np.outer(part, along), axis=1)
        gaps[kept] = 0
        if gaps.max() <= eps:
            break
        kept = np.sort(np.append(kept, gaps.argmax()))
    return kept
