"""Multiplies the layers' reaches instead of adding them."""

# loses: receptive_field

import numpy as np


def receptive_field(sizes, rates):
    return 1 + np.prod((sizes - 1) * rates)
