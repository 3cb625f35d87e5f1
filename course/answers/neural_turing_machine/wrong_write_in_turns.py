"""Lets each head erase and add before the next one."""

# loses: write

import numpy as np


def write(M, ws, es, as_):
    result = np.array(M)
    for w, e, a in zip(ws, es, as_, strict=True):
        result = result * (1 - np.outer(w, e)) + np.outer(w, a)
    return result
