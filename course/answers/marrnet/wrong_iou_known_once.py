"""Restricts the prediction to what is known, but not the truth."""

# loses: iou

import numpy as np


def iou(predicted, truth, known, threshold):
    here = (predicted > threshold) & known
    there = truth
    either = np.sum(here | there)
    return float(np.sum(here & there) / either) if either else 1.0
