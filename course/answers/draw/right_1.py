"""A right answer in NumPy, as short as it gets."""

import numpy as np
from scipy.special import log_softmax, softmax

WRITTEN = r"""
1. The same two networks with a read-out that is not linear, such as the encoder's state:
   without a window it names 0.87, so it was mostly the linear read-out that needed an
   aligned patch. And the same table at other budgets over several seeds: at epoch 15 the
   network without a window is the better one, so the order depends on where one stops.
2. Between whole pixels the crop does not change, so its derivative is 0 almost everywhere.
   REINFORCE multiplies the reward by the slope of the log density of the drawn place: that
   is unbiased whatever the reward looks like, but its variance is some thirty times that of
   the derivative of a Gaussian window in the lesson's example, so thirty times as many
   glimpses are needed; a narrower search costs more, a wider one less.
3. For T = d both constants are alike. A constant has no gradient, so the same network is
   learned; the printed bound is wrong by T |d - T| / 2 nats, 1152 for T = 64 and d = 100.
"""


def filterbank(g, delta, sigma, k, N, A):
    steps = np.arange(N) - (N - 1) / 2
    means = g[:, None] + np.outer(delta, steps)
    widths = np.outer(sigma, 1 + k * abs(steps))
    gaps = (np.arange(1, A + 1) - means[..., None]) / widths[..., None]
    return softmax(-0.5 * gaps**2, axis=-1)


def read(x, F_X, F_Y, gamma):
    channels = np.moveaxis(x, 3, 1)
    patch = F_Y[:, None] @ channels @ F_X[:, None].swapaxes(2, 3)
    return np.moveaxis(patch * gamma[:, :, None, None], 1, 3)


def write(w, F_X, F_Y, gamma):
    channels = np.moveaxis(w, 3, 1) / gamma[:, :, None, None]
    drawn = F_Y[:, None].swapaxes(2, 3) @ channels @ F_X[:, None]
    return np.moveaxis(drawn, 1, 3)


def draw_kl(mus, sigmas, s):
    m, v = (a / s[:, None, None] for a in (mus, sigmas))
    return 0.5 * np.sum(m**2 + v**2 - 1 - 2 * np.log(v), axis=(0, 2))


def hybrid_loss(lx, lz, evidence, first, y, alpha):
    logs = log_softmax(np.cumsum(evidence, axis=1) + first, axis=-1)
    named = np.take_along_axis(logs, y[:, None, None], axis=2)
    return lx.mean() + lz.mean() - alpha * named.mean()
