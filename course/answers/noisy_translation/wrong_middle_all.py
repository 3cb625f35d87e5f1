"""Puts all letters into a random order, ends included."""

# loses: middle_random

import numpy as np


def middle_random(words, rng, keep):
    found = []
    for word in words:
        inner, keep = len(word), 0
        if inner < 2:
            found.append(word)
            continue
        order = np.argsort(rng.random(inner))
        middle = "".join(word[keep + int(i)] for i in order)
        found.append(word[:keep] + middle + word[keep + inner :])
    return found
