"""Draws one order and uses it for all words of that length."""

# loses: middle_random

import numpy as np


def middle_random(words, rng, keep):
    found, orders = [], {}
    for word in words:
        inner = len(word) - 2 * keep
        if inner < 2:
            found.append(word)
            continue
        if inner not in orders:
            orders[inner] = np.argsort(rng.random(inner))
        order = orders[inner]
        middle = "".join(word[keep + int(i)] for i in order)
        found.append(word[:keep] + middle + word[keep + inner :])
    return found
