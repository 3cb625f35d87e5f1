"""Takes NaN for a better loss."""

# loses: early_stop

import numpy as np


def early_stop(losses, patience, gain):
    least, best, waited = np.inf, 0, 0
    for epoch, loss in enumerate(losses):
        if not loss >= least - gain:
            least, best, waited = loss, epoch, 0
        else:
            waited += 1
        if waited == patience:
            return epoch, best
    return len(losses) - 1, best
