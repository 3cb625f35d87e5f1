"""Calls the lesson's package."""

# loses: squash

import numpy as np


def squash(s, axis=-1):
    from lessons.vision.capsules import theory

    return np.asarray(theory.squash(s, axis, epsilon=0.0))
