"""A right answer in whole arrays."""

import numpy as np


def content_weights(M, k, beta):
    lengths = np.outer(np.linalg.norm(M, axis=1), np.linalg.norm(k))[:, 0]
    cosines = np.zeros(len(M))
    some = lengths > 0
    cosines[some] = (M @ k)[some] / lengths[some]
    scores = beta * cosines
    powers = np.exp(scores - np.max(scores))
    return powers / np.sum(powers)


def shift(w, s):
    slots, reach = len(w), len(s) // 2
    matrix = np.zeros((slots, slots))
    for start in range(slots):
        np.add.at(matrix[:, start], (start + np.arange(-reach, reach + 1)) % slots, s)
    return matrix @ w


def sharpen(w, gamma):
    result = np.zeros_like(w)
    some = w > 0
    logs = gamma * np.log(w[some])
    result[some] = np.exp(logs - logs.max())
    return result / result.sum()


def address(content, previous, g, s, gamma, on=True):
    if not on:
        return previous
    gated = previous + g * (content - previous)
    places = np.arange(len(gated))
    moved = sum(s[o + 1] * gated[(places - o) % len(gated)] for o in (-1, 0, 1))
    relative = moved / np.max(moved)
    return relative**gamma / np.sum(relative**gamma)


def write(M, ws, es, as_):
    result = np.array(M)
    for w, e in zip(ws, es, strict=True):
        result *= 1 - np.outer(w, e)
    for w, a in zip(ws, as_, strict=True):
        result += np.outer(w, a)
    return result


def copy_batch(rng, B, L, bits):
    vectors = rng.choice([0.0, 1.0], (B, L, bits))
    inputs = np.pad(vectors, ((0, 0), (1, L + 1), (0, 2)))
    inputs[:, 0, -2] = inputs[:, L + 1, -1] = 1
    return inputs, np.flip(inputs[:, 1 : L + 1, :bits], axis=1)


WRITTEN = """
Both heads start at slot N - 1 with g = 0. While vectors arrive both move by +1; the
write head has e = 1 and a = x. At the end flag both stop, the read head on the last
vector. It reads there, then moves by -1 at every step of the answer. Exact for L <= N:
vector N + 1 would overwrite the first. Shifts that are not quite sure blur a little at
every step, so at greater lengths the diagonals fade and widen.
"""
