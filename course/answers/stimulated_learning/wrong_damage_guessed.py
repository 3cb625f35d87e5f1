"""Counts right answers among the guesses of a class, not among its examples."""

# loses: damage

import numpy as np


def damage(predict, labels, R, C, centres, count):
    K = len(centres)
    row, column = np.divmod(np.arange(R * C), C)

    def right(gains):
        guesses = np.asarray(predict(gains))
        hits = np.bincount(guesses[guesses == labels], minlength=K)
        return hits / np.maximum(np.bincount(guesses, minlength=K), 1)

    before = right(np.ones(R * C))
    result = np.zeros((K, K))
    for region, (x, y) in enumerate(centres):
        order = np.argsort((column - x) ** 2 + (row - y) ** 2, kind="stable")
        gains = np.ones(R * C)
        gains[order[:count]] = 0
        result[region] = (before - right(gains)) / np.where(before > 0, before, 1)
    return np.where(before > 0, result, 0)
