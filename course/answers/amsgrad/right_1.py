"""A right answer in vectorised NumPy and SciPy."""

import numpy as np
from scipy import signal

WRITTEN = r"""
1. For each constant pair with $\beta_1 < \sqrt{\beta_2}$ there is some sequence of
   linear losses on which Adam's average regret does not vanish. A larger $\beta_2$ needs
   a longer period: the spike has to be forgotten before the next.
2. A regret of order $\sqrt T$ for convex losses, an upper bound. The maximum keeps
   large early gradients for ever, so AMSGrad may go on with steps that are too small.
3. The factor grows, so the effective rate rises while $\hat v$ stands still and
   $\Gamma_t$ is negative; it tends to 1, so late in training nothing is left of it.
"""


def adaptive_step(x, g, state, alpha_t, phi, psi, low, high):
    m, v = phi(state[0], g), psi(state[1], g)
    scale = np.divide(1.0, np.sqrt(v), out=np.zeros(np.shape(v)), where=v > 0)
    return np.clip(x - alpha_t * scale * m, low, high), (m, v)


def amsgrad_update(x, g, m, v, vhat, t, alpha, b1, b2):
    m = g + b1 / t * (m - g)
    v = v + (1 - b2) * (g * g - v)
    vhat = np.maximum(v, vhat)
    return x - alpha * m / np.sqrt(t * vhat), m, v, vhat


def gamma_sequence(grads, alpha, p, b2, kind):
    steps = np.arange(1, len(grads) + 1).reshape(-1, 1)
    if kind == "adagrad":
        v = np.cumsum(grads**2, axis=0) / steps
    else:
        v = signal.lfilter([1 - b2], [1, -b2], grads**2, axis=0)
    if kind == "amsgrad":
        v = np.maximum.accumulate(v)
    scaled = np.sqrt(v) * steps.astype(float) ** p / alpha
    return scaled[1:] - scaled[:-1]


def regret(xs, grads, radius):
    return np.sum(xs * grads) + radius * np.linalg.norm(np.sum(grads, 0))


def counterexample_gradient(t, spike, rest, period):
    return np.where((np.asarray(t) - 1) % period == 0, spike, rest).astype(float)
