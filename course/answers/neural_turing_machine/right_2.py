"""A right answer in plain loops."""

import math

import numpy as np


def content_weights(M, k, beta):
    cosines = []
    for row in M:
        length = math.hypot(*row) * math.hypot(*k)
        product = math.fsum(row * k)
        cosines.append(product / length if length else 0.0)
    best = max(cosines)
    powers = [math.exp(beta * (c - best)) for c in cosines]
    return np.array(powers) / math.fsum(powers)


def shift(w, s):
    moved = [0.0] * len(w)
    for slot, weight in enumerate(w):
        for offset, share in enumerate(s, start=-(len(s) // 2)):
            moved[(slot + offset) % len(w)] += share * weight
    return np.array(moved)


def sharpen(w, gamma):
    top = max(w)
    powers = [(value / top) ** gamma for value in w]
    return np.array(powers) / sum(powers)


def address(content, previous, g, s, gamma, on=True):
    if not on:
        return previous
    gated = [g * c + (1 - g) * p for c, p in zip(content, previous, strict=True)]
    slots = len(gated)
    moved = [
        s[0] * gated[(n + 1) % slots] + s[1] * gated[n] + s[2] * gated[n - 1]
        for n in range(slots)
    ]
    powers = [(weight / max(moved)) ** gamma for weight in moved]
    return np.array(powers) / sum(powers)


def write(M, ws, es, as_):
    result = np.empty(M.shape)
    for n, i in np.ndindex(*M.shape):
        keep = math.prod(1 - ws[j, n] * es[j, i] for j in range(len(ws)))
        added = sum(ws[j, n] * as_[j, i] for j in range(len(ws)))
        result[n, i] = M[n, i] * keep + added
    return result


def copy_batch(rng, B, L, bits):
    inputs, answers = np.zeros((B, 2 * L + 2, bits + 2)), np.empty((B, L, bits))
    for row in range(B):
        inputs[row, 0, bits] = 1
        for step in range(L):
            vector = rng.integers(0, 2, bits)
            inputs[row, 1 + step, :bits] = vector
            answers[row, L - 1 - step] = vector
        inputs[row, L + 1, bits + 1] = 1
    return inputs, answers
