"""A right answer in plain loops over single vectors."""

import math

import numpy as np


def squash(s, axis=-1):
    def one(vector):
        size = math.hypot(*vector)
        return vector * (size / (1 + size * size))

    return np.apply_along_axis(one, axis, s)


def route(votes, iterations):
    batch, lower, higher, dim = votes.shape
    v = np.empty((batch, higher, dim))
    c = np.empty((batch, lower, higher))
    for n in range(batch):
        b = np.zeros((lower, higher))
        for _ in range(iterations):
            for i in range(lower):
                e = np.exp(b[i] - b[i].max())
                c[n, i] = e / e.sum()
            for j in range(higher):
                s = sum(c[n, i, j] * votes[n, i, j] for i in range(lower))
                size = math.sqrt(float(s @ s))
                v[n, j] = s * size / (1 + size * size)
            for i in range(lower):
                for j in range(higher):
                    b[i, j] += votes[n, i, j] @ v[n, j]
    return v, c


def margin_loss(lengths, targets):
    totals = []
    for row, marks in zip(lengths, targets, strict=True):
        total = 0.0
        for v, t in zip(row, marks, strict=True):
            total += t * max(0, 0.9 - v) ** 2 + 0.5 * (1 - t) * max(0, v - 0.1) ** 2
        totals.append(total)
    return np.array(totals)


def overlap(img_a, img_b, shift_a, shift_b, canvas):
    margin = max(*img_a.shape, *img_b.shape)
    wide = np.zeros((canvas + 2 * margin, canvas + 2 * margin))
    for image, shift in ((img_a, shift_a), (img_b, shift_b)):
        top, left = (int(np.clip(k, -margin, canvas)) + margin for k in shift)
        wide[top : top + image.shape[0], left : left + image.shape[1]] += image
    return np.minimum(wide[margin:-margin, margin:-margin], 1)
