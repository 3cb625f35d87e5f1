"""Divides nothing by nothing where both are empty."""

# loses: iou

import numpy as np


def iou(predicted, truth, known, threshold):
    here = (predicted > threshold) & known
    there = truth & known
    either = np.sum(here | there)
    return float(np.sum(here & there) / either) if either else float("nan")
