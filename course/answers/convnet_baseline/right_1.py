"""A right answer in NumPy, vectorised."""

import numpy as np

WRITTEN = r"""
1. The signal shrinks in each layer, and with it every gradient; descent moves by the
   rate times the gradient, Adam divides by the root of the mean square, so that the
   size cancels. The same momentum with larger first weights learns: it is the size.
2. Both runs saw the same pictures, so the pictures count that exactly one of them gets
   right. The best of 96 noisy numbers is too high: a test set must be separate.
3. With shuffled labels there is nothing to learn, and there is a gap too.
"""


def sizes(side, maps, convolutions, dense):
    total = 0
    for units, kernel, stride, pad, pool in convolutions:
        total += units + units * maps * kernel * kernel
        side = (side - kernel + 2 * pad) // stride + 1
        side, maps = side // pool, units
    widths = [side * side * maps, *dense]
    total += sum((a + 1) * b for a, b in zip(widths[:-1], dense, strict=True))
    return widths[0], total


def weighted_loss(z, y, c):
    share = c / c.sum()
    loss = share @ (np.logaddexp(0, z) - y * z)
    p = (1 + np.tanh(z / 2)) / 2
    return float(loss), share * (p - y)


def clipped_nesterov(w, m, g, lr, mu, limit):
    g = g / max(np.linalg.norm(g.ravel()) / limit, 1.0)
    new = mu * m - lr * g
    return w + mu * mu * m - (1 + mu) * lr * g, new


def feature_normalise(train, test):
    mean = train.mean(axis=0)
    spread = train.std(axis=0)
    spread[train.max(axis=0) == train.min(axis=0)] = np.inf
    return (train - mean) / spread, (test - mean) / spread


def early_stop(losses, patience, gain):
    best = None
    for epoch, loss in enumerate(losses):
        bar = np.inf if best is None else losses[best] - gain
        if loss < bar:
            best = epoch
        elif epoch - (-1 if best is None else best) >= patience:
            break
    return epoch, 0 if best is None else best
