"""Takes a missing label for the last class, as negative indices do."""

# loses: clamp_labels

import numpy as np


def clamp_labels(y, probs):
    return np.eye(probs.shape[1])[y]
