"""Averages the probabilities of all exits for the class."""

# loses: dynamic_predict

import numpy as np


def dynamic_predict(probabilities, thresholds):
    ordered = np.sort(probabilities, axis=-1)
    passes = ordered[..., -1] - ordered[..., -2] >= thresholds[:, None]
    passes[-1] = True
    return probabilities.mean(axis=0).argmax(axis=-1), passes.argmax(axis=0)
