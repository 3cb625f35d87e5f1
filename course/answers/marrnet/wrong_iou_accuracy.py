"""Gives the part of the voxels that agree."""

# loses: iou

import numpy as np


def iou(predicted, truth, known, threshold):
    here = (predicted > threshold) & known
    there = truth & known
    either = np.sum(known)
    return float(np.sum((here == there) & known) / either) if either else 1.0
