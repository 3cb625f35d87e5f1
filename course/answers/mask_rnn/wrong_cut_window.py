"""Lets a window of the last k steps slide."""

# loses: cut_gradients

import numpy as np


def cut_gradients(a, x, k):
    return np.array(
        [
            sum(
                x[j] * np.prod(a[j + 1 : t + 1])
                for j in range(max(0, t - k + 1), t + 1)
            )
            for t in range(len(x))
        ]
    )
