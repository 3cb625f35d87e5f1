"""Refuses objects that touch."""

# loses: stimulus

import numpy as np


def stimulus(target, flanker, configuration, ecc, spacing, background):
    outer = -1 if ecc < 0 else 1
    sides = {"a": [], "ax": [outer], "xa": [-outer], "xax": [-1, 1]}
    if configuration not in sides:
        raise ValueError("configuration")
    if sides[configuration] and spacing <= (len(target) + len(flanker)) / 2:
        raise ValueError("overlap")
    canvas = background.copy()
    placed = [(target, ecc)]
    placed += [(flanker, ecc + side * spacing) for side in sides[configuration]]
    for thing, middle in placed:
        size = len(thing)
        top = (len(canvas) - size) // 2
        left = top + middle
        if left < 0 or left + size > len(canvas):
            raise ValueError("outside")
        below = canvas[top : top + size, left : left + size]
        below[...] = np.maximum(below, thing)
    return canvas
