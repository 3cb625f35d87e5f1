"""Uses |s| / (1 + |s|) in place of the squares."""

# loses: squash

import numpy as np


def squash(s, axis=-1):
    return s / (1 + np.linalg.norm(s, axis=axis, keepdims=True))
