"""Counts epochs that are not better even if they do not follow each other."""

# loses: early_stop

import numpy as np


def early_stop(losses, patience, gain):
    least, best, waited = np.inf, 0, 0
    for epoch, loss in enumerate(losses):
        if loss < least - gain:
            least, best = loss, epoch
        else:
            waited += 1
        if waited == patience:
            return epoch, best
    return len(losses) - 1, best
