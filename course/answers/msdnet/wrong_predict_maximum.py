"""Takes the greatest probability for the confidence, as in the lesson."""

# loses: dynamic_predict

import numpy as np


def dynamic_predict(probabilities, thresholds):
    passes = probabilities.max(axis=-1) >= thresholds[:, None]
    passes[-1] = True
    exits = passes.argmax(axis=0)
    chosen = probabilities[exits, np.arange(probabilities.shape[1])]
    return chosen.argmax(axis=-1), exits
