"""A right answer with loops and SciPy."""

import numpy as np
from scipy import special


def sizes(side, maps, convolutions, dense):
    layers = []
    for units, kernel, stride, pad, pool in convolutions:
        layers.append((kernel * kernel * maps, units))
        starts = range(-pad, side + pad - kernel + 1, stride)
        side = len(starts) // pool
        maps = units
    flat = side * side * maps
    before = flat
    for units in dense:
        layers.append((before, units))
        before = units
    return flat, sum(n * units + units for n, units in layers)


def weighted_loss(z, y, c):
    losses = -y * special.log_expit(z) - (1 - y) * special.log_expit(-z)
    gradient = [
        w * (special.expit(a) - b) / sum(c) for w, a, b in zip(c, z, y, strict=True)
    ]
    return float(np.average(losses, weights=c)), np.array(gradient)


def clipped_nesterov(w, m, g, lr, mu, limit):
    length = np.sqrt(np.sum(np.square(g)))
    push = -lr * limit / max(length, limit) * g
    new = mu * m + push
    return w + push + mu * new, new


def feature_normalise(train, test):
    flat, other = (x.reshape(len(x), -1) for x in (train, test))
    result = np.zeros(flat.shape), np.zeros(other.shape)
    for column in range(flat.shape[1]):
        values = [int(v) for v in flat[:, column]]
        if len(set(values)) == 1:
            continue
        mean = np.mean(values)
        spread = np.sqrt(np.mean((np.array(values) - mean) ** 2))
        for images, out in zip((flat, other), result, strict=True):
            out[:, column] = (images[:, column].astype(float) - mean) / spread
    return result[0].reshape(train.shape), result[1].reshape(test.shape)


def early_stop(losses, patience, gain):
    best, waited = 0, 0
    least = float("inf")
    for epoch in range(len(losses)):
        waited += 1
        if losses[epoch] + gain < least:
            best, least, waited = epoch, losses[epoch], 0
        if waited >= patience:
            return epoch, best
    return len(losses) - 1, best
