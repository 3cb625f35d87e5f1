"""Takes the last exit's class for everybody."""

# loses: dynamic_predict

import numpy as np


def dynamic_predict(probabilities, thresholds):
    ordered = np.sort(probabilities, axis=-1)
    passes = ordered[..., -1] - ordered[..., -2] >= thresholds[:, None]
    passes[-1] = True
    return probabilities[-1].argmax(axis=-1), passes.argmax(axis=0)
