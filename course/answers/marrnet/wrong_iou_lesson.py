"""Counts what is not known, as in the lesson."""

# loses: iou

import numpy as np


def iou(predicted, truth, known, threshold):
    here = predicted > threshold
    there = truth
    either = np.sum(here | there)
    return float(np.sum(here & there) / either) if either else 1.0
