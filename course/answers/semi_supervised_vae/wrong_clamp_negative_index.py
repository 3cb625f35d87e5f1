"""A missing label is taken for the last class, as negative indices are."""

# loses: clamp_labels

import numpy as np


def clamp_labels(y, probs):
    return np.eye(probs.shape[1])[y]
