"""Counts every tap of a kernel, the last one too."""

# loses: receptive_field

import numpy as np


def receptive_field(sizes, rates):
    return 1 + np.sum(sizes * rates)
