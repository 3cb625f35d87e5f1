"""Weighs all letters alike, as the lesson does."""

# loses: mean_char

import numpy as np


def mean_char(ids, table, ends):
    found = np.zeros((len(ids), table.shape[1]))
    for row, word in enumerate(ids):
        letters = [letter for letter in word if letter]
        total = 0.0
        for _place, letter in enumerate(letters):
            weight = 1.0
            found[row] += weight * table[letter]
            total += weight
        if letters:
            found[row] /= total
    return found
