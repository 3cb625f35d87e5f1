"""Divides by the smaller of both."""

# loses: iou

import numpy as np


def iou(predicted, truth, known, threshold):
    here = (predicted > threshold) & known
    there = truth & known
    either = min(np.sum(here), np.sum(there))
    return float(np.sum(here & there) / either) if either else 1.0
