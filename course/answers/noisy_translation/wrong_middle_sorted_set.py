"""Draws among different letters only and loses repeated ones."""

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
        letters = sorted(set(word[keep : keep + inner]))
        middle = "".join(letters[int(i)] for i in order if i < len(letters))
        found.append(word[:keep] + middle + word[keep + inner :])
    return found
