"""Gives the drop of accuracy itself, as the lesson does."""

# loses: damage

import numpy as np


def damage(predict, labels, R, C, centres, count):
    K = len(centres)
    row, column = np.divmod(np.arange(R * C), C)

    def right(gains):
        hits = labels[np.asarray(predict(gains)) == labels]
        return np.bincount(hits, minlength=K)

    before = right(np.ones(R * C))
    result = np.zeros((K, K))
    for region, (x, y) in enumerate(centres):
        order = np.argsort((column - x) ** 2 + (row - y) ** 2, kind="stable")
        gains = np.ones(R * C)
        gains[order[:count]] = 0
        result[region] = (before - right(gains)) / np.maximum(
            np.bincount(labels, minlength=K), 1
        )
    return np.where(before > 0, result, 0)
