"""Cuts with negative places, which mean something else at 0."""

# loses: middle_random

import numpy as np


def middle_random(words, rng, keep):
    found = []
    for word in words:
        inner = len(word) - 2 * keep
        if inner < 2:
            found.append(word)
            continue
        order = np.argsort(rng.random(inner))
        middle = "".join(word[keep + int(i)] for i in order)
        found.append(word[:keep] + middle + word[-keep:])
    return found
