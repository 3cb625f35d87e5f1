"""Draws from a generator of its own."""

# loses: swap_unequal

import numpy as np


def swap_unequal(words, rng):
    found, rng = [], np.random.default_rng(3)
    for word in words:
        choices = []
        for i in range(1, len(word) - 2):
            if word[i] != word[i + 1]:
                choices.append(word[:i] + word[i + 1] + word[i] + word[i + 2 :])
        found.append(choices[int(rng.random() * len(choices))] if choices else word)
    return found
