"""Compares with the loss of the epoch before."""

# loses: early_stop

import numpy as np


def early_stop(losses, patience, gain):
    least, best, waited = np.inf, 0, 0
    for epoch, loss in enumerate(losses):
        if loss < least - gain:
            best, waited = epoch, 0
        else:
            waited += 1
        least = loss
        if waited == patience:
            return epoch, best
    return len(losses) - 1, best
