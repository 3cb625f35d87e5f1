"""Divides nothing by nothing where a word has no letters."""

# loses: mean_char

import numpy as np


def mean_char(ids, table, ends):
    found = np.zeros((len(ids), table.shape[1]))
    for row, word in enumerate(ids):
        letters = [letter for letter in word if letter]
        total = 0.0
        for place, letter in enumerate(letters):
            weight = ends if place in (0, len(letters) - 1) else 1.0
            found[row] += weight * table[letter]
            total += weight
        found[row] /= np.float64(total)
    return found
