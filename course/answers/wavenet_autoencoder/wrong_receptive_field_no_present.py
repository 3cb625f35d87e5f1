"""Forgets the present sample."""

# loses: receptive_field

import numpy as np


def receptive_field(sizes, rates):
    return np.sum((sizes - 1) * rates)
